"""The database's history: dated, timed out, reversible Alembic migrations."""
