"""Draws scenes: text, colours, shapes and the geometry from camera frame to screen."""
