"""The people who work with the portfolio. They are deactivated, never deleted: their work keeps its author."""
