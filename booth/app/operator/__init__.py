"""The operator's side: what may be set, the file it is written to, and the page behind the PIN."""
