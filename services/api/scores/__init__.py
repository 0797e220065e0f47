"""What the segmenter found out about customers: figures, classes, scores and segments. Reads only."""
