"""Teams: whose portfolios a manager sees."""
