"""The command line `portefeuille`: the composition root, which may import every service and which nobody imports."""
