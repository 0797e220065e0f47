"""Wall clocks and instants: which moment is 09:00 in Paris on that day, and which day is it in Auckland now.

Two local times a year are special. One never happens (clocks go forward) and is read as one jump later; one happens
twice (clocks go back). Callers choose the reading by what they need: `instant` for something that fires once,
`opening` and `closing` for the ends of a period in which something is allowed.
"""

from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises `LookupError` when there is none (also for paths and empty text)."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise LookupError(f"{name[:60]!r} is not an IANA time zone") from error


def weekday_name(day: date) -> str:
    """mon … sun. Names, because the numbers of weekdays differ between cron, ISO and Python."""
    return WEEKDAYS[day.weekday()]


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The calendar date that a wall calendar in `zone` shows at that instant (rule D1)."""
    return moment.astimezone(zone).date()


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """That wall-clock time as a UTC instant: the first of two, and one jump later where the clocks skip it."""
    return _reading(day, at, zone, fold=0)


def opening(day: date, at: time, zone: tzinfo) -> datetime:
    """The later reading of that time: nothing before it can still count as before."""
    return max(_reading(day, at, zone, fold=0), _reading(day, at, zone, fold=1))


def closing(day: date, at: time, zone: tzinfo) -> datetime:
    """The earlier reading of that time: nothing after it can still count as before."""
    return min(_reading(day, at, zone, fold=0), _reading(day, at, zone, fold=1))


def _reading(day: date, at: time, zone: tzinfo, *, fold: int) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC)
