"""Calendar dates, as people, spreadsheets and machines write them.

Without a stated format: aaaa-mm-jj, jj/mm/aaaa (also with dots, dashes, blanks and two-digit years), "3 mars 2026",
aaaammjj and Excel's serial numbers. Month before day is only read when the mapping states it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from services.api.imports.domain.context import RowContext
from services.api.imports.domain.rows import Cell, Unusable
from services.api.imports.domain.texts import Convert, as_text
from shared.domain.contact import fold_name

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
YEARS_AHEAD: Final = 20
"""A two-digit year is at most this far in the future: in 2026, 46 is 2046 and 47 is 1947."""

SERIALS: Final = range(10_000, 100_000)
"""Excel's day numbers that are taken for dates (1927 to 2173): smaller ones are more likely years or counts."""
_LONGEST: Final = 40
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_LEAP_YEAR: Final = "2000"

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january", "fevrier fevr fev february feb", "mars mar march", "avril avr april apr",
            "mai may", "juin june jun", "juillet juil july jul", "aout august aug", "septembre sept september sep",
            "octobre oct october", "novembre nov november", "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/. -])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NAMED: Final = re.compile(r"(?:[a-z]{3,9} )?([0-9]{1,2})(?:er)? ([a-z]+) ([0-9]{4}|[0-9]{2})")
_SERIAL: Final = re.compile(r"[0-9]{5}")

_MONTH_AND_DAY: Final = re.compile(r"--([0-9]{2})-([0-9]{2})")
_DAY_AND_MONTH: Final = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})")
_NAMED_DAY_AND_MONTH: Final = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+)")

_WITH_TIME: Final = re.compile(r"([^:]+)[T ][0-9]{1,2}[:hH][0-9:.,]*(?: ?[AaPp][Mm]| ?Z|[+-][0-9:]{2,6})?")

ReadDay = Callable[[str], date | None]
"""Reads a text as a calendar date; None when it is none."""


def day(context: RowContext) -> Convert:
    """A calendar date; of a cell with a time of day, the date as written. Never an instant."""
    return _converter(day_reader(context.date_format, context.today.year + YEARS_AHEAD))


def birth_date(context: RowContext) -> Convert:
    """`YYYY-MM-DD` or, when the year is not known (14/07, 14 juillet, --07-14), `--MM-DD`. Not in the future."""
    convert_day = _converter(day_reader(context.date_format, context.today.year))

    def convert(cell: Cell) -> str | None:
        if isinstance(cell, str) and (birthday := _day_of_year(cell.strip())) is not None:
            return f"--{birthday:%m-%d}"
        born = convert_day(cell)
        if born is not None and born > context.today:
            raise Unusable("bad_date.future")
        return born.isoformat() if born else None

    return convert


def day_reader(date_format: str | None, latest_year: int) -> ReadDay:
    """The reader for texts, remembering what it read: a file of many rows has few different days."""

    @lru_cache(maxsize=8_192)
    def read(text: str) -> date | None:
        parts = _by_format(text, date_format) if date_format else _by_form(text)
        return _valid(*parts, latest_year) if parts else None

    return lambda text: read(text) if len(text) <= _LONGEST else None


def from_serial(serial: float) -> date | None:
    """Excel's day number, or None when it is not plausibly meant as one."""
    return _EXCEL_EPOCH + timedelta(days=int(serial)) if SERIALS.start <= serial < SERIALS.stop else None


def is_format(text: str) -> bool:
    """Does the text tell day, month and year, and nothing twice? Tokens: D or J, M, Y or A, repeated."""
    tokens = sorted(token[0] for token in _TOKEN.findall(_in_english(text)))
    return tokens == ["D", "M", "Y"] and re.search(r"[A-Za-z0-9]", _TOKEN.sub("", _in_english(text))) is None


def _converter(read: ReadDay) -> Callable[[Cell], date | None]:
    def convert(cell: Cell) -> date | None:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = as_text(cell)
        if not text:
            return None
        found = read(text) or _without_time(text, read)
        if found is None and isinstance(cell, int | float):
            found = from_serial(cell)
        if found is None:
            raise Unusable("bad_date")
        return found

    return convert


def _without_time(text: str, read: ReadDay) -> date | None:
    """A date with a time of day behind it is still a date."""
    match = _WITH_TIME.fullmatch(text)
    return read(match[1]) if match else None


def _by_form(text: str) -> tuple[str, int, int] | None:
    """Year, month and day by the shape of the text."""
    if (match := _ISO.fullmatch(text)) or (match := _COMPACT.fullmatch(text)):
        return match[1], int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(text):
        return match[4], int(match[3]), int(match[1])
    if match := _YEAR_FIRST.fullmatch(text):
        return match[1], int(match[3]), int(match[4])
    if _SERIAL.fullmatch(text) and (found := from_serial(int(text))):
        return str(found.year), found.month, found.day
    if (match := _NAMED.fullmatch(fold_name(text))) and match[2] in _MONTHS:
        return match[3], _MONTHS[match[2]], int(match[1])
    return None


_TOKEN: Final = re.compile(r"Y{4}|Y{2}|M{1,2}|D{1,2}")
_DIGITS: Final = {
    "YYYY": "(?P<year>[0-9]{4})", "YY": "(?P<year>[0-9]{2})",
    "MM": "(?P<month>[0-9]{2})", "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})", "D": "(?P<day>[0-9]{1,2})",
}  # fmt: skip


@lru_cache(maxsize=32)
def _pattern(date_format: str) -> "re.Pattern[str]":
    english = _in_english(date_format)
    literals = [re.escape(literal) for literal in _TOKEN.split(english)]
    tokens = [_DIGITS[token] for token in _TOKEN.findall(english)]
    return re.compile("".join(part for pair in zip(literals, [*tokens, ""], strict=True) for part in pair))


def _in_english(date_format: str) -> str:
    """JJ/MM/AAAA is DD/MM/YYYY."""
    return date_format.upper().replace("J", "D").replace("A", "Y")


def _by_format(text: str, date_format: str) -> tuple[str, int, int] | None:
    match = _pattern(date_format).fullmatch(text)
    return (match["year"], int(match["month"]), int(match["day"])) if match else None


def _valid(written_year: str, month: int, day_of_month: int, latest_year: int) -> date | None:
    year = int(written_year)
    if len(written_year) == 2:
        year += 2000 if 2000 + year <= latest_year else 1900
    try:
        return date(year, month, day_of_month) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _day_of_year(text: str) -> date | None:
    """A day and a month without year, in any leap year."""
    if match := _MONTH_AND_DAY.fullmatch(text):
        month, day_of_month = int(match[1]), int(match[2])
    elif match := _DAY_AND_MONTH.fullmatch(text):
        month, day_of_month = int(match[2]), int(match[1])
    elif (match := _NAMED_DAY_AND_MONTH.fullmatch(fold_name(text))) and match[2] in _MONTHS:
        month, day_of_month = _MONTHS[match[2]], int(match[1])
    else:
        return None
    return _valid(_LEAP_YEAR, month, day_of_month, FIRST_YEAR)
