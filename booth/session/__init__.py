"""A guest session: state machine, capture controller, frame ring, view facts."""
