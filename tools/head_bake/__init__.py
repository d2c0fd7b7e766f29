"""Makes the mean head of `assets/head` from CC0 geometry; a developer's tool, never imported by the booth."""
