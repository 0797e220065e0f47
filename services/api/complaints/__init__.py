"""Complaints and their handling. For every figure a complaint is an interaction; here it has a state and an owner."""
