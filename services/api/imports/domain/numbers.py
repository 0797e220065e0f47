"""Amounts and counts, written the French way, the English way or by a machine."""

import re
from decimal import Decimal
from typing import Final

from services.api.imports.domain.context import RowContext
from services.api.imports.domain.rows import Cell, Unusable
from services.api.imports.domain.texts import Convert, as_text
from shared.domain import limits

# Digits, perhaps in groups of three with one and the same separator, perhaps with decimals.
_NUMBER: Final = re.compile(
    r"""(?P<whole> [0-9]{1,3} (?P<group>[ \u00a0\u202f\u2009'’.,]) [0-9]{3} (?:(?P=group)[0-9]{3})* | [0-9]*)
        (?:(?P<mark>[.,]) (?P<fraction>[0-9]+))?""",
    re.VERBOSE,
)
_PLAIN: Final = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,2})?")
# A minus in front or behind, or brackets: one of them, once.
_SIGNED: Final = re.compile(
    r"(?P<sign>[+−-]?)(?P<body>[^()+−-]*)|(?P<minus_behind>[^()+−-]*)[−-]|\((?P<bracketed>[^()+−-]*)\)"
)
_WITH_CURRENCY: Final = re.compile(
    r"(?P<before>[^\W\d_]{1,7}|[$€£¥])?\s*(?P<number>[0-9.,](?:[^$€£¥]*[0-9])?)\s*(?P<behind>[^\W\d_]{1,7}|[$€£¥])?"
)
_LONGEST: Final = 60

_SIGNS: Final = {
    "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "EURO": ("EUR",), "EUROS": ("EUR",), "DOLLARS": ("USD", "CAD", "AUD"), "FR": ("CHF",), "SFR": ("CHF",),
    "FCFA": ("XOF", "XAF"), "CFA": ("XOF", "XAF"), "DH": ("MAD",), "DT": ("TND",), "DA": ("DZD",),
}  # fmt: skip


def amount(context: RowContext) -> Convert:
    """A finite decimal of at most four decimals that fits numeric(18,4).

    A lone mark followed by three digits (1.234) is settled by the mapping's `decimal_mark` or refused. Negative amounts
    are -12,00, 12,00- or (12,00). A currency in the cell must be the one that is expected there.
    """
    mark = context.decimal_mark
    expected = None if context.rows_state_currency else context.stated_currency or context.currency

    def convert(cell: Cell) -> Decimal | None:
        if isinstance(cell, str):
            if _PLAIN.fullmatch(cell):
                return Decimal(cell)
            text = as_text(cell)
            return _bounded(_read(text, mark, expected)) if text else None
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            raise Unusable("bad_amount")
        return _bounded(_from_number(cell))

    return convert


def positive_amount(context: RowContext) -> Convert:
    """An amount that cannot be negative: a potential, a possible sale, the cost of a contact."""
    convert_any = amount(context)

    def convert(cell: Cell) -> object:
        value = convert_any(cell)
        if isinstance(value, Decimal) and value < 0:
            raise Unusable("bad_amount.negative")
        return value

    return convert


def integer(low: int, high: int) -> Convert:
    """A whole number; thousands may be grouped ("2 822"), a percent sign may follow."""

    def convert(cell: Cell) -> int | None:
        text = as_text(cell).removesuffix("%").rstrip()
        if not text:
            return None
        digits = re.sub(r"(?<=[0-9])[ \u00a0\u202f\u2009'’](?=[0-9]{3}(?:[^0-9]|$))", "", text)
        if re.fullmatch(r"[+-]?[0-9]{1,10}(?:[.,]0+)?", digits) is None:
            raise Unusable("bad_value.integer", low=low, high=high)
        value = int(re.split("[.,]", digits)[0])
        if not low <= value <= high:
            raise Unusable("bad_value.integer", low=low, high=high)
        return value

    return convert


def _read(text: str, mark: str | None, expected: str | None) -> Decimal:
    signed = _SIGNED.fullmatch(text)
    if signed is None or len(text) > _LONGEST:
        raise Unusable("bad_amount")
    body = signed["body"] or signed["minus_behind"] or signed["bracketed"] or ""
    value = Decimal(_plain_digits(_without_currency(body.strip(), expected), mark))
    return value if signed["sign"] in {"", "+"} else -value


def _without_currency(body: str, expected: str | None) -> str:
    """Only the expected currency may stand there: twelve dollars are not twelve euros."""
    parts = _WITH_CURRENCY.fullmatch(body)
    if parts is None:
        raise Unusable("bad_amount")
    for written in filter(None, (parts["before"], parts["behind"])):
        currencies = _SIGNS.get(written.upper(), (written.upper(),))
        if expected is None and all(len(currency) != 3 for currency in currencies):
            raise Unusable("bad_amount")
        if expected is not None and expected not in currencies:
            raise Unusable("bad_amount.currency", currency=expected)
    return parts["number"]


def _plain_digits(body: str, mark: str | None) -> str:
    match = _NUMBER.fullmatch(body)
    if match is None or not (match["whole"] or match["fraction"]):
        raise Unusable("bad_amount")
    whole, group, decimals = match["whole"], match["group"], match["fraction"] or ""
    if group is None:
        return _joined(whole or "0", decimals)
    if match["mark"] == group:
        raise Unusable("bad_amount")
    parts = whole.split(group)
    if group in ".," and not decimals and len(parts) == 2 and _is_decimal_mark(group, parts[0], mark):
        return ".".join(parts)
    return _joined("".join(parts), decimals)


def _joined(whole: str, decimals: str) -> str:
    return f"{whole}.{decimals}" if decimals else whole


def _is_decimal_mark(written: str, before: str, stated: str | None) -> bool:
    """For one mark followed by exactly three digits: 0.125 can only be decimal, 1.234 needs to be told."""
    if before.startswith("0"):
        return True
    if stated is None:
        raise Unusable("bad_amount.ambiguous")
    return written == stated


def _from_number(cell: float) -> Decimal:
    """A workbook's number: binary, so 0.1 + 0.2 arrives with noise behind the 15 digits that Excel itself keeps."""
    value = Decimal(f"{cell:.15g}")
    if not value.is_finite():
        raise Unusable("bad_amount")
    return value


def _bounded(value: Decimal) -> Decimal:
    if abs(value) >= limits.AMOUNT_BELOW:
        raise Unusable("bad_amount.too_large")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -limits.AMOUNT_DECIMALS:
        kept = round(value, limits.AMOUNT_DECIMALS)
        if kept != value:
            raise Unusable("bad_amount.too_precise", limit=limits.AMOUNT_DECIMALS)
        return kept
    return value
