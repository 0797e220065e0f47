"""The whole product as its users run it: every process, a real broker, a real mail server."""
