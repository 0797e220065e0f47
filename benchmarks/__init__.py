"""`make bench`: what the product does per second, as ratios to a floor measured in the same run on the same machine."""
