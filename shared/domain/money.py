"""Amounts of money: minor units and rounding (rule C2). Decimals only, exact for any number of digits."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

_DEFAULT_MINOR_UNITS = 2
# The product's own list, fixed by rule C2: shorter than ISO 4217's on purpose, the same one for every engine.
_MINOR_UNITS = {"JPY": 0, "KRW": 0, "XOF": 0, "XAF": 0, "TND": 3, "KWD": 3, "BHD": 3}

# The default context keeps 28 digits, which would silently round the product of a long amount and a long rate.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


def minor_units(currency: str) -> int:
    """How many decimals an amount in this ISO 4217 currency has (rule C2)."""
    return _MINOR_UNITS.get(currency, _DEFAULT_MINOR_UNITS)


def round_to_minor(amount: Decimal, currency: str) -> Decimal:
    """The amount with the currency's decimals, halves away from zero (rule C2). Zero has no sign."""
    rounded = _EXACT.quantize(amount, Decimal(1).scaleb(-minor_units(currency)))
    return rounded or rounded.copy_abs()


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount as an integer of minor units (cents), rounded as `round_to_minor` does."""
    return int(_EXACT.to_integral_value(_EXACT.scaleb(amount, minor_units(currency))))


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum without any rounding, whatever the number of digits."""
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount)
    return total


def from_minor(minor: int, currency: str) -> Decimal:
    """The inverse of `to_minor`: 12345 minor units of EUR are 123.45."""
    return _EXACT.scaleb(Decimal(minor), -minor_units(currency))


def convert(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The exact product of amount and rate, rounded once to the minor unit of `currency` (rule C2)."""
    return round_to_minor(_EXACT.multiply(amount, rate), currency)


def convert_to_minor(amount: Decimal, rate: Decimal, currency: str) -> int:
    """`convert` as an integer of minor units."""
    return to_minor(_EXACT.multiply(amount, rate), currency)
