"""Connections to PostgreSQL: the engine, sessions, column types, named SQL files, and the raw path of hot writes."""
