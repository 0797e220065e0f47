"""The catalogue: what is sold. It knows nothing of who bought it."""
