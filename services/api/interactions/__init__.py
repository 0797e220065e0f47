"""Contacts with a customer: calls, mails, meetings, visits. The hottest write of the product."""
