"""The command line against real engines: nearly all of it in the tests' own process, the executable itself once."""
