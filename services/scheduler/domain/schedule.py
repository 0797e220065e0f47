"""When a periodic job runs next: hourly, daily, weekly or monthly on the wall clock of a zone.

A local time that the clocks skip runs one jump later, one that happens twice runs the first time: so a daily job runs
exactly once on every calendar date. An hourly job runs once every elapsed hour, 23 or 25 times on those two days.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from shared.domain.calendar import WEEKDAYS, instant, local_day, weekday_name

EVERY_MONTH: Final = frozenset(range(1, 13))
QUARTER_STARTS: Final = frozenset({1, 4, 7, 10})
_DAY: Final = timedelta(days=1)
_SEARCH_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Hourly:
    """At this minute of every hour on the wall clock, which is not UTC's minute in zones with half-hour offsets."""

    minute: int = 0


@dataclass(frozen=True, slots=True)
class Daily:
    at: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """`days` are names (mon … sun): numbers mean different days to cron, ISO and Python."""

    days: frozenset[str]
    at: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(WEEKDAYS):
            raise ValueError(f"weekdays are named {', '.join(WEEKDAYS)}; got {sorted(self.days)}")


@dataclass(frozen=True, slots=True)
class Monthly:
    """On this day of these months. A month without that day runs on its last one, so 31 is every month's end."""

    day: int
    at: time
    months: frozenset[int] = EVERY_MONTH

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31 or not self.months or not self.months <= EVERY_MONTH:
            raise ValueError("a monthly job needs a day from 1 to 31 and months from 1 to 12")


Schedule = Hourly | Daily | Weekly | Monthly


def next_fire(schedule: Schedule, after: datetime, zone: tzinfo) -> datetime:
    """The first planned instant strictly after `after`, in UTC."""
    if isinstance(schedule, Hourly):
        return _next_hour(schedule.minute, after, zone)
    today = local_day(after, zone)
    for offset in range(-1, _SEARCH_DAYS):
        day = today + offset * _DAY
        if _runs_on(schedule, day):
            fire = instant(day, schedule.at, zone)
            if fire > after:
                return fire
    raise ValueError(f"{schedule} never runs")  # Unreachable: every valid schedule runs at least once a year.


def fires_between(schedule: Schedule, after: datetime, until: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Every planned instant in (after, until], oldest first: what downtime left undone."""
    fire = next_fire(schedule, after, zone)
    while fire <= until:
        yield fire
        fire = next_fire(schedule, fire, zone)


def _runs_on(schedule: Daily | Weekly | Monthly, day: date) -> bool:
    match schedule:
        case Daily():
            return True
        case Weekly(days=days):
            return weekday_name(day) in days
        case Monthly(day=wanted, months=months):
            return day.month in months and day.day == min(wanted, calendar.monthrange(day.year, day.month)[1])


def _next_hour(minute: int, after: datetime, zone: tzinfo) -> datetime:
    """Step to the wanted minute and look again: a clock change of half an hour moves it on the way."""
    fire = after.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    while missing := (minute - fire.astimezone(zone).minute) % 60:
        fire += timedelta(minutes=missing)
    return fire
