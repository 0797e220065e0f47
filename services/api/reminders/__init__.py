"""Reminder rules, and the reminders that came due. Looking for what is due is the scheduler's work."""
