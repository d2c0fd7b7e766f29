"""What every room shares: frozen types, clock, latest-value slots, faults, assets. Imports no other room."""
