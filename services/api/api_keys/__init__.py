"""Keys for machines and scripts: shown once, stored as a hash, revoked at once."""
