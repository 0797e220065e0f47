"""Files on their whole way: uploaded over HTTP, worked off by the worker, found in the portfolio."""
