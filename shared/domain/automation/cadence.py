"""On which dates a reminder falls: birthdays, anniversaries, days before an expiry. Dates only, never instants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

from shared.domain.durations import Duration, add, subtract

_DAY: Final = timedelta(days=1)
_LEAP_YEAR: Final = 2000


class LeapDay(StrEnum):
    """Where 29 February is celebrated in a common year."""

    FEBRUARY_28 = "02-28"
    MARCH_1 = "03-01"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the year whose year is unknown, written --MM-DD."""

    month: int
    day: int

    def __post_init__(self) -> None:
        date(_LEAP_YEAR, self.month, self.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read --MM-DD; raises `ValueError` for anything else, 30 February included."""
        day = date.fromisoformat(f"{_LEAP_YEAR}-{text.removeprefix('--')}")
        if text != f"--{day:%m-%d}":
            raise ValueError(f"{text[:20]!r} is not a month and day written --MM-DD")
        return cls(day.month, day.day)

    def __str__(self) -> str:
        return f"--{self.month:02}-{self.day:02}"

    def in_year(self, year: int, leap_day: LeapDay) -> date:
        if (self.month, self.day) == (2, 29) and not _is_leap(year):
            return date(year, 2, 28) if leap_day is LeapDay.FEBRUARY_28 else date(year, 3, 1)
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Offset:
    """So long before (or after) the date. Its text is -P30D, P0D or +P1M, and stands in occurrence keys."""

    duration: Duration
    before: bool = True

    def __str__(self) -> str:
        sign = ("-" if self.before else "+") if self.duration else ""
        return f"{sign}{self.duration}"

    def from_date(self, anchor: date) -> date:
        return subtract(anchor, self.duration) if self.before else add(anchor, self.duration)


def days_before(*days: int) -> tuple[Offset, ...]:
    return tuple(Offset(Duration(days=count)) for count in days)


ON_THE_DAY: Final = days_before(0)
CONTRACT_EXPIRY: Final = days_before(90, 30, 7, 0)


@dataclass(frozen=True, slots=True)
class Cadence:
    """`yearly` repeats the date every year after its own (birthdays, anniversaries); otherwise it comes once."""

    offsets: tuple[Offset, ...] = ON_THE_DAY
    yearly: bool = False
    leap_day: LeapDay = LeapDay.FEBRUARY_28


BIRTHDAY: Final = Cadence(yearly=True)
EXPIRY: Final = Cadence(CONTRACT_EXPIRY)


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """`on` is the day to act; `target` the birthday or expiry it is about; `offset` the text of what lies between."""

    on: date
    target: date
    offset: str

    @property
    def days_before(self) -> int:
        """Calendar days from acting to the target; negative when the reminder comes after it."""
        return (self.target - self.on).days


def occurrences(
    cadence: Cadence, date_value: date | MonthDay, window_start: date, window_end: date
) -> tuple[Occurrence, ...]:
    """Every occurrence whose day to act lies in the window, both ends included, oldest first."""
    found = (
        Occurrence(offset.from_date(target), target, str(offset))
        for target in _targets(cadence, date_value, window_start, window_end)
        for offset in cadence.offsets
    )
    return tuple(sorted(item for item in found if window_start <= item.on <= window_end))


def _targets(cadence: Cadence, date_value: date | MonthDay, start: date, end: date) -> Iterator[date]:
    if not cadence.yearly:
        if isinstance(date_value, MonthDay):
            raise ValueError("a date that comes once needs its year")
        yield date_value
        return
    first_year, day = _anniversary(date_value)
    reach = max((_years(offset.duration) for offset in cadence.offsets), default=0)
    for year in range(max(first_year, start.year - reach), end.year + reach + 1):
        yield day.in_year(year, cadence.leap_day)


def _anniversary(date_value: date | MonthDay) -> tuple[int, MonthDay]:
    """The first year that celebrates (a birth is no birthday yet) and the day it does."""
    if isinstance(date_value, MonthDay):
        return 1, date_value
    return date_value.year + 1, MonthDay(date_value.month, date_value.day)


def celebrated_on(day: date, leap_day: LeapDay = LeapDay.FEBRUARY_28) -> tuple[MonthDay, ...]:
    """The days of the year that are celebrated on this date: the set-based question behind every birthday query."""
    today = MonthDay(day.month, day.day)
    leapling = MonthDay(2, 29)
    if today != leapling and leapling.in_year(day.year, leap_day) == day:
        return (today, leapling)
    return (today,)


def _years(duration: Duration) -> int:
    return duration.months // 12 + duration.days // 365 + 1


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
