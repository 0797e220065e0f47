"""Windows of whole local days (rule D2); an instant's local day (D1) is `shared.domain.calendar.local_day`."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.domain.durations import add_months


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open interval (after, until] of local days: its first bound is excluded, its last day is whole (D2)."""

    after: date
    until: date

    def __contains__(self, day: date) -> bool:
        return self.after < day <= self.until


def months_before(day: date, months: int) -> date:
    """The same day of the month, `months` earlier, clamped to that month's last day (D2)."""
    return add_months(day, -months)


def last_months(as_of: date, months: int) -> Window:
    return Window(months_before(as_of, months), as_of)


def last_days(as_of: date, days: int) -> Window:
    return Window(as_of - timedelta(days=days), as_of)


def days_before(window: Window, days: int) -> Window:
    """The window of `days` that ends where this one begins."""
    return Window(window.after - timedelta(days=days), window.after)
