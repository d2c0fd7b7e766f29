"""Pixel mathematics of a look: light, backdrop, grade; any size, no window, no tracker."""
