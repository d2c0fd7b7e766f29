"""The parts of the one loop: what a guest goes through between walking up and going home."""
