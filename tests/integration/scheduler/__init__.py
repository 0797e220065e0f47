"""The scheduler on a real PostgreSQL, with a real mail server on loopback; the broker where an event has to travel."""
