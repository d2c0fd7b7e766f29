"""Shared by every package: frozen types, color, landmarks, clock, latest-value slots, faults, assets.

Imports no other package.
"""
