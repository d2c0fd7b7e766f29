"""Places: panoramas and photographs that a sitter stands in, as a view behind the head and as light on it."""
