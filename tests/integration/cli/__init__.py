"""The command line, run as people run it: a process of its own, against real engines."""
