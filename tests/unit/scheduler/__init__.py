"""The rules of automation, each in a test whose name says it."""
