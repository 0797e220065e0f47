"""The change feed: every event of the workspace in its order, read from the broker's stream. Reads only."""
