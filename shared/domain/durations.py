"""ISO 8601 durations and calendar-aware addition.

A duration keeps months, days and seconds apart because they are different things: a month is clamped to the last
day of a shorter one, a day is a step on the wall clock (23 or 25 hours when clocks change), an hour is elapsed time.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import overload

MONTHS_PER_YEAR = 12
MAX_YEARS = 100
_MAX_DAYS = MAX_YEARS * 366
_MAX_SECONDS = _MAX_DAYS * 86_400

_PATTERN = re.compile(
    r"P(?=[0-9T])"
    r"(?:(?P<years>[0-9]{1,9})Y)?(?:(?P<months>[0-9]{1,9})M)?(?:(?P<weeks>[0-9]{1,9})W)?(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,9})S)?)?"
)


class InvalidDuration(ValueError):
    """The text is no duration such as P3D, P1M, P2W or PT36H, or it is longer than a hundred years."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole months, days and seconds, never negative. Years are twelve months and weeks seven days, exactly."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def __post_init__(self) -> None:
        if min(self.months, self.days, self.seconds) < 0:
            raise InvalidDuration("a duration cannot be negative")
        if self.months > MAX_YEARS * MONTHS_PER_YEAR or self.days > _MAX_DAYS or self.seconds > _MAX_SECONDS:
            raise InvalidDuration(f"a duration cannot exceed {MAX_YEARS} years")

    def __bool__(self) -> bool:
        return bool(self.months or self.days or self.seconds)

    def __str__(self) -> str:
        """The canonical text: equal durations of the same unit have the same text (P2W is written P14D)."""
        parts = f"{self.months}M" * bool(self.months) + f"{self.days}D" * bool(self.days)
        if self.seconds:
            hours, rest = divmod(self.seconds, 3600)
            minutes, seconds = divmod(rest, 60)
            parts += "T" + f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{seconds}S" * bool(seconds)
        return "P" + (parts or "0D")


def parse_duration(text: str) -> Duration:
    """Read PnYnMnWnDTnHnMnS in whole numbers; raises `InvalidDuration` for anything else, also fractions and signs."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise InvalidDuration(f"{text[:40]!r} is not an ISO 8601 duration such as P3D or PT12H")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Duration(years * MONTHS_PER_YEAR + months, weeks * 7 + days, (hours * 60 + minutes) * 60 + seconds)


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later (or earlier), clamped to the last day of that month (rule D2)."""
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


@overload
def add(moment: datetime, duration: Duration) -> datetime: ...
@overload
def add(moment: date, duration: Duration) -> date: ...
def add(moment: date, duration: Duration) -> date:
    """Months first (clamped), then days on the wall clock of the moment's own zone, then elapsed seconds.

    A calendar date takes no hours: adding them raises `InvalidDuration`. A datetime must carry its zone. A local
    time that the clocks jump over lands one jump later; one that happens twice is the first of the two.
    """
    return _shift(moment, duration, 1)


@overload
def subtract(moment: datetime, duration: Duration) -> datetime: ...
@overload
def subtract(moment: date, duration: Duration) -> date: ...
def subtract(moment: date, duration: Duration) -> date:
    """The mirror of `add`: months, then days, then seconds. Clamping means it does not always undo an addition."""
    return _shift(moment, duration, -1)


def _shift(moment: date, duration: Duration, sign: int) -> date:
    if isinstance(moment, datetime):
        return _shift_instant(moment, duration, sign)
    if duration.seconds:
        raise InvalidDuration("a calendar date can only be moved by whole days, weeks, months or years")
    return add_months(moment, sign * duration.months) + timedelta(days=sign * duration.days)


def _shift_instant(moment: datetime, duration: Duration, sign: int) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a datetime without a zone cannot be moved")
    elapsed = timedelta(seconds=sign * duration.seconds)
    if not (duration.months or duration.days):
        return (moment.astimezone(UTC) + elapsed).astimezone(moment.tzinfo)
    day = add_months(moment.date(), sign * duration.months) + timedelta(days=sign * duration.days)
    wall = datetime.combine(day, moment.time(), moment.tzinfo).replace(fold=0)
    return (wall.astimezone(UTC) + elapsed).astimezone(moment.tzinfo)
