"""Sees: the only room that knows the tracker and the segmenters. Frame in, FrameAnalysis out."""
