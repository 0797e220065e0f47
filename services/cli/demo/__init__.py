"""The demonstration: a real B2B data set and invented French private customers, as plain rows in the API's own words.

Pure: nothing here opens a connection or reads a clock. What loads the rows lives one folder up.
"""
