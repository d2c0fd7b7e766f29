"""Reads what people bring: which files are photographs, their order, their colours, and which way is up."""
