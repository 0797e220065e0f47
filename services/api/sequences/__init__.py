"""Follow-up sequences: definitions by version, and who runs through them. Running them is the scheduler's work."""
