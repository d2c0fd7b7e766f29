"""The finished portrait: from one exposure to a file that says what was done to it."""
