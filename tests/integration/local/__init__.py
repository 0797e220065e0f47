"""The one-machine mode against real processes: the real PostgreSQL and NATS, and small programs in place of ours."""
