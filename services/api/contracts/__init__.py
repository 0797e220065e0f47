"""Agreements with customers and their dates. Who is reminded of an expiry is the scheduler's to say."""
