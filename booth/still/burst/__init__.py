"""A burst of one moment becomes one cleaner, sharper still that shows the chosen frame."""
