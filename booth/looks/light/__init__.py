"""Studio light on the sitter's own face, live and in the still: one engine for both."""
