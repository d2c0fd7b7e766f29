"""What is kept of a guest: encrypted, with a clock for each kind, and truly erasable; knows no window, no network."""
