"""Specifications of the shared vocabulary used by rules: the rule tree, identifiers and money. No I/O."""
