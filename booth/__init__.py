"""A headshot booth: a webcam and a screen turned into a portrait studio."""

import os

# Before numpy is loaded: its matrix library would otherwise spin a thread a core on every small product, which was
# measured to double the processor time of a mirrored frame.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
