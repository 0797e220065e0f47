"""The one-machine mode: PostgreSQL, NATS and the services as child processes, kept alive and stopped in order.

It knows the services only as programs to start and must never import one, nor anything but the standard library:
the supervising process stays small because it lives as long as the product does.
"""
