"""What every room shares: frozen types, color, landmarks, clock, latest-value slots, faults, assets.

Imports no other room.
"""
