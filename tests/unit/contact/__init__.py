"""E-mail addresses, names, phone numbers and company numbers in the one form they are compared in."""
