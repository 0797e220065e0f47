"""Segments: their definitions, who is in them and why. Finding the members is the segmenter's work."""
