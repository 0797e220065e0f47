"""The methods of segmentation as pure functions of plain values, one module a method, named by their rule numbers.

Together (`portfolio.score_account`) they are the readable statement of the rules and the oracle that SQL is tested
against. Standard library and `shared.domain` only: no table, no clock, no I/O. Rows are assumed valid (rule I7 is
checked where they enter); rows after the day asked about are ignored here (rule D3).
"""
