"""The definitions of automation, rule by rule."""
