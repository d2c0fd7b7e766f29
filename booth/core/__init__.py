"""Shared by every package: frozen types, clock, latest-value slots, faults, assets. Imports no other package."""
