"""What every service may import. Nothing in here imports a service."""
