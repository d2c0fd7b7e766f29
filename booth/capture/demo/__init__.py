"""The demo sitter: a camera that always has a guest."""
