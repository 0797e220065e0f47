"""Alert rules, and the alerts they raised. Watching figures is the scheduler's work."""
