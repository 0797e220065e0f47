"""Tokens that are signed and secrets that are sealed."""
