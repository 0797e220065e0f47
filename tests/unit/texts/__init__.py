"""The catalogue of texts is complete in every language, and formats as people write."""
