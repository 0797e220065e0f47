"""The processes of Portefeuille. They meet in tables and events, never in imports (see docs/architecture.md)."""
