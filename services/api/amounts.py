"""Amounts of money on their way out."""

from decimal import Decimal

from shared.domain.money import minor_units


def amount_text(amount: Decimal | None, currency: str) -> str | None:
    """The exact amount with at least the currency's decimals: 12.5 EUR is "12.50", 12.345 EUR stays "12.345"."""
    if amount is None:
        return None
    exponent = amount.normalize().as_tuple().exponent
    given = -exponent if isinstance(exponent, int) else 0
    return f"{amount + 0:.{max(given, minor_units(currency))}f}"
