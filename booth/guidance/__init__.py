"""What to tell the sitter and when to take the picture: numbers in, advice out. Pure: no pixels, no clock, no screen."""
