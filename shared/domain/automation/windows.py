"""When something may happen: opening hours on the wall clock, with weekdays and public holidays.

One concept serves the calling hours of the law, a sequence's send window and quiet hours (their complement).
On the two nights a year when clocks change a window is read narrowly: never open at a forbidden wall-clock time.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Self

from shared.domain.calendar import WEEKDAYS, closing, local_day, opening, weekday_name

HORIZON_DAYS: Final = 400
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Open on these weekdays, in these ranges. A range whose end is not after its start ends on the next day.

    The weekday and the holiday are those of the day on which the range starts.
    """

    ranges: tuple[tuple[time, time], ...]
    days: frozenset[str] = frozenset(WEEKDAYS)
    holidays: frozenset[date] = frozenset()

    @classmethod
    def outside(cls, quiet_from: time, quiet_to: time) -> Self:
        """Every day except these quiet hours, which may cross midnight. Equal ends leave nothing quiet."""
        return cls(ranges=((quiet_to, quiet_from),))

    def ignoring_holidays(self) -> "Window":
        return replace(self, holidays=frozenset())

    def is_open(self, moment: datetime, zone: tzinfo) -> bool:
        return self.next_open(moment, zone) == moment

    def next_open(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """`moment` itself when open, else the next opening instant in UTC; None when there is none within a year."""
        today = local_day(moment, zone)
        for offset in range(-1, HORIZON_DAYS):
            for start, end in sorted(self._openings(today + offset * _DAY, zone)):
                if moment < end:
                    return max(start, moment)
        return None

    def _openings(self, day: date, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        if weekday_name(day) not in self.days or day in self.holidays:
            return
        for start_time, end_time in self.ranges:
            start = opening(day, start_time, zone)
            end = closing(day if start_time < end_time else day + _DAY, end_time, zone)
            if start < end:
                yield start, end


def next_common_open(windows: Collection[tuple[Window, tzinfo]], moment: datetime) -> datetime | None:
    """The first instant from `moment` on at which every window is open; None when there is none within a year."""
    latest = moment + HORIZON_DAYS * _DAY
    candidate = moment
    while candidate <= latest:
        before = candidate
        for window, zone in windows:
            following = window.next_open(candidate, zone)
            if following is None:
                return None
            candidate = following
        if candidate == before:
            return candidate
    return None
