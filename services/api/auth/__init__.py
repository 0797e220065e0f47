"""Logging in: a person's e-mail and password against a token for some hours."""
