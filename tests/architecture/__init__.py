"""Promises about the repository itself: documents complete, names and sizes kept, containers startable."""
