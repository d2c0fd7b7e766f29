"""Dressing the part, honestly: one's clothes in another colour, spectacles, a pin. A preview unless asked for."""
