"""Dates, money and numbers as people write them (shared.texts.formatting)."""

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from shared.texts.formatting import (
    format_day,
    format_day_of_year,
    format_instant,
    format_money,
    format_number,
    format_percent,
)

NARROW, HARD = "\u202f", "\u00a0"


def test_a_day_is_written_in_the_language() -> None:
    assert format_day(date(2026, 11, 1)) == "1 novembre 2026"
    assert format_day(date(2026, 11, 1), "en") == "1 November 2026"
    assert format_day(date(2026, 11, 1), "fr", "full") == "dimanche 1 novembre 2026"
    assert format_day(date(2026, 11, 1), "fr", "short") == "01/11/2026"


def test_a_birthday_without_year_is_written_without_year() -> None:
    assert format_day_of_year(2, 29) == "29 février"
    assert format_day_of_year(2, 29, "en") == "29 February"


def test_an_instant_is_written_on_the_wall_clock_of_the_reader() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert format_instant(moment, ZoneInfo("Europe/Paris")) == "1 janvier 2027 00:30"
    assert format_instant(moment, ZoneInfo("America/New_York"), "en") == "31 December 2026 18:30"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("1234.5", "EUR", "fr", f"1{NARROW}234,50{HARD}€"),
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("-0.005", "EUR", "fr", f"-0,01{HARD}€"),
        ("1234.5", "JPY", "fr", f"1{NARROW}235{HARD}JPY"),
        ("1.2345", "TND", "fr", f"1,235{HARD}TND"),
    ],
)
def test_money_has_the_decimals_of_its_currency_and_rounds_halves_away_from_zero(
    amount: str, currency: str, language: str, expected: str
) -> None:
    assert format_money(Decimal(amount), currency, language) == expected


def test_numbers_and_percentages_use_the_separators_of_the_language() -> None:
    assert format_number(Decimal("1234567.5")) == f"1{NARROW}234{NARROW}567,5"
    assert format_number(Decimal("1234567.5"), "en") == "1,234,567.5"
    assert format_percent(Decimal("-12.5")) == f"-12,5{HARD}%"
    assert format_percent(Decimal("-12.5"), "en") == "-12.5%"


def test_looking_up_a_text_does_not_load_babel() -> None:
    program = "import sys, shared.texts, shared.texts.formatting; shared.texts.text('task.call', customer='x'); "
    asked = subprocess.run(
        [sys.executable, "-c", program + "print('babel' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "False"
