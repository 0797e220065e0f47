"""What the demonstration promises to show, recomputed here from its rows."""
