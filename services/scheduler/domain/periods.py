"""The period a figure belongs to, and the one it is compared with (rules P3 and K4). Dates only."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.domain.automation.alert_rule import Period
from shared.domain.automation.conditions import Compare
from shared.domain.durations import add_months

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From its first to its last day, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_to_date(period: Period, day: date) -> Span:
    """The period of that day, as far as it has come."""
    return Span(_whole(period, day).first, day)


def compared_span(period: Period, day: date, compare: Compare) -> Span:
    """The period before, or the same one of last year, cut to as many first days as the present one has had."""
    present = _whole(period, day)
    other = _whole(period, present.first - _DAY) if compare is Compare.PREVIOUS else _last_year(period, present)
    elapsed = (day - present.first).days
    return Span(other.first, other.last if day == present.last else min(other.first + elapsed * _DAY, other.last))


def _whole(period: Period, day: date) -> Span:
    if period is Period.WEEK:
        monday = day - day.weekday() * _DAY
        return Span(monday, monday + 6 * _DAY)
    months = _MONTHS[period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Span(first, add_months(first, months) - _DAY)


def _last_year(period: Period, present: Span) -> Span:
    """The ISO week of the same number, 52 where 53 does not exist; else the same dates' period."""
    if period is not Period.WEEK:
        return _whole(period, add_months(present.first, -12))
    year, week, _ = present.first.isocalendar()
    try:
        monday = date.fromisocalendar(year - 1, week, 1)
    except ValueError:
        monday = date.fromisocalendar(year - 1, 52, 1)
    return Span(monday, monday + 6 * _DAY)
