"""The ledger of automation: why something did or did not happen. Reads only: the scheduler writes it."""
