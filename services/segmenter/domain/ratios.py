"""Ratios and percentages as numbers of 6 decimals, half to even, from their exact value (rule O2)."""

from decimal import Decimal
from fractions import Fraction

_DECIMALS = 6


def six_decimals(exact: Fraction) -> Decimal:
    """Python rounds a fraction half to even, without an intermediate value."""
    return Decimal(round(exact * 10**_DECIMALS)).scaleb(-_DECIMALS)


def percentage(part: int, whole: int) -> Decimal | None:
    """100 * part / whole, or None when there is no whole."""
    return six_decimals(Fraction(100 * part, whole)) if whole else None
