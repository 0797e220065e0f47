"""Dates, amounts and numbers as people write them. Babel is loaded at first use: most processes never need it."""

from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final, Literal

from shared.texts.catalogue import DEFAULT_LANGUAGE, closest_language

# ruff: noqa: PLC0415 - importing Babel costs memory that only processes which format anything should pay.

_LOCALES: Final = {"fr": "fr_FR", "en": "en_GB"}
Style = Literal["short", "medium", "long", "full"]


def format_day(day: date, language: str = DEFAULT_LANGUAGE, style: Style = "long") -> str:
    """21 novembre 2026; with style full the weekday too."""
    from babel.dates import format_date

    return format_date(day, style, locale=_locale(language))


def format_day_of_year(month: int, day: int, language: str = DEFAULT_LANGUAGE) -> str:
    """29 février: a birthday whose year is unknown or nobody's business."""
    from babel.dates import format_skeleton

    return format_skeleton("MMMMd", datetime(2000, month, day), locale=_locale(language))  # noqa: DTZ001 - no instant.


def format_instant(moment: datetime, zone: tzinfo, language: str = DEFAULT_LANGUAGE, style: Style = "long") -> str:
    """The date and the time of day on a wall clock in `zone`, to the minute."""
    from babel.dates import format_time

    local = moment.astimezone(zone)
    time_of_day = format_time(local, "short", tzinfo=zone, locale=_locale(language))
    return f"{format_day(local.date(), language, style)} {time_of_day}"


def format_money(amount: Decimal, currency: str, language: str = DEFAULT_LANGUAGE) -> str:
    """With the currency's own number of decimals (2 for EUR, 0 for JPY, 3 for TND), rounded as rule C2 says."""
    from babel.numbers import format_currency

    with localcontext(rounding=ROUND_HALF_UP):
        return format_currency(amount, currency, locale=_locale(language))


def format_number(number: Decimal | int, language: str = DEFAULT_LANGUAGE) -> str:
    """With separators for thousands and at most three decimals."""
    from babel.numbers import format_decimal

    with localcontext(rounding=ROUND_HALF_UP):
        return format_decimal(number, locale=_locale(language))


def format_percent(points: Decimal | int, language: str = DEFAULT_LANGUAGE) -> str:
    """A figure in percent points (12.5 is 12,5 %), at most two decimals."""
    from babel.numbers import format_percent as format_ratio

    pattern = "#,##0.##%" if closest_language(language) == "en" else "#,##0.##\xa0%"
    with localcontext(rounding=ROUND_HALF_UP):
        return format_ratio(Decimal(points) / 100, pattern, locale=_locale(language))


def _locale(language: str) -> str:
    return _LOCALES[closest_language(language)]
