"""The segmenter on a real PostgreSQL: what SQL computes is what the rules say, whatever happens at the same time."""
