"""The operator's side: what may be set, the file it is written to, and the desk behind the PIN."""
