"""What people are asked to do, by one another or by an automation."""
