"""Pure rules, without I/O: the whole folder stays under five seconds."""
