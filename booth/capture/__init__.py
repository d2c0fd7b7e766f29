"""Grabs pictures: cameras, clips, folders, streams and the demo sitter, all as Frames on one clock each."""
