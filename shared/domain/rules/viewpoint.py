"""When and where a rule is asked: the workspace's day, the instant, and the time zone that joins them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from shared.domain.calendar import local_day
from shared.domain.durations import Duration, add, subtract


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """`today` is the local date of `now` in `timezone`, unless the question is about another day."""

    today: date
    now: datetime
    timezone: tzinfo

    def local_day(self, moment: date) -> date:
        """The calendar date of an instant (rule D1); a calendar date is its own."""
        return local_day(moment, self.timezone) if isinstance(moment, datetime) else moment

    def in_last(self, moment: date, duration: Duration) -> bool:
        """In the window (today - duration, today] of rule D2, or of elapsed time when the duration has hours."""
        if duration.seconds:
            return isinstance(moment, datetime) and self._before(duration) < moment <= self.now
        return subtract(self.today, duration) < self.local_day(moment) <= self.today

    def in_next(self, moment: date, duration: Duration) -> bool:
        """In the window [today, today + duration): as many days as `in_last`, the first of them today."""
        if duration.seconds:
            return isinstance(moment, datetime) and self.now <= moment < add(self._local_now(), duration)
        return self.today <= self.local_day(moment) < add(self.today, duration)

    def older_than(self, moment: date, duration: Duration) -> bool:
        """On the day that `in_last` excludes, or before."""
        if duration.seconds:
            return isinstance(moment, datetime) and moment <= self._before(duration)
        return self.local_day(moment) <= subtract(self.today, duration)

    def anniversary_in_next(self, month: int, day: int, since: int, duration: Duration) -> bool:
        """Whether that day of a year after `since` falls in the window of `in_next`."""
        last = add(self.today, duration) - timedelta(days=1)
        years = range(max(self.today.year, since + 1), last.year + 1)
        return any(self.today <= _anniversary(year, month, day) <= last for year in years)

    def _before(self, duration: Duration) -> datetime:
        return subtract(self._local_now(), duration)

    def _local_now(self) -> datetime:
        return self.now.astimezone(self.timezone)


def _anniversary(year: int, month: int, day: int) -> date:
    """29 February is celebrated on the 28th in common years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)
