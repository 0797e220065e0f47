"""Texts for messages, with placeholders. Sending them is the scheduler's work."""
