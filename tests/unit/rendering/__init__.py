"""Templates: what they may name, and what they can never print."""
