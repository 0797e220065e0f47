"""What `shared` promises on a real PostgreSQL and a real broker."""
