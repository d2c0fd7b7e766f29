"""A headshot booth: a webcam and a screen turned into a portrait studio."""

__version__ = "0.1.0"
