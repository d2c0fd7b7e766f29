"""What to tell the sitter and when to take the picture: numbers in, advice out. No pixels, no clock."""
