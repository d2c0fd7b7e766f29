"""The encrypted store: a retention period for each kind of item, and real erasure. Uses neither window nor network."""
