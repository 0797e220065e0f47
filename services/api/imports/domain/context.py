"""What a parser must know besides the row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """The workspace's settings, then what the mapping states about this file (None: it states nothing).

    `to_e164(text, country)` reads a phone number; `country` is the one that numbers without country code belong to.
    `rows_state_currency`: a column says the currency of each row, so that no single one is expected in the amounts.
    """

    timezone: ZoneInfo
    currency: str
    today: date
    to_e164: Callable[[str, str], str | None]
    country: str = "FR"
    stated_timezone: ZoneInfo | None = None
    stated_currency: str | None = None
    rows_state_currency: bool = False
    date_format: str | None = None
    decimal_mark: str | None = None
