"""The ways out: what a channel is (`port`), and those there are. A channel sends one mail and knows no table."""
