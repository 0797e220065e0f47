"""Pure parsing of one row: text in, typed values or reasons out. No file, no database, no clock."""
