"""What the caller is told: lines written by the scheduler, read and ticked off here."""
