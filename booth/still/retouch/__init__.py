"""Takes away what is temporary from a face, within a cap, and leaves what is the person's own."""

from booth.still.retouch.face_retouch import Retouched, retouch_face, retouch_sitter

__all__ = ["Retouched", "retouch_face", "retouch_sitter"]
