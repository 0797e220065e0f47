"""From a file to candidates: reading, recognising columns, parsing values. No database."""
