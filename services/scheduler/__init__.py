"""The service that acts on time: follow-up sequences, reminders, alerts. It owns no customer data and serves no API."""
