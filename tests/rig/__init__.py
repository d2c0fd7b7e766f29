"""What proofs of the running booth share: a loopback camera that can misbehave, and a booth that is driven."""
