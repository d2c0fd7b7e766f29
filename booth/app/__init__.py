"""The running booth: engine, review, operator pages, health, replay."""
