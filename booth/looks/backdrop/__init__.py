"""Backdrops: what stands behind the sitter, painted at any size; and how sitter and backdrop are brought together."""
