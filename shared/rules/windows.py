"""Dates against today: the windows of `shared.domain.rules.viewpoint`, with their bounds worked out in Python."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, extract, false, func, literal, or_

from shared.domain.durations import Duration, add, subtract
from shared.domain.rules.viewpoint import Viewpoint
from shared.rules.comparing import day_of, json_scalar
from shared.rules.record import Column

Condition = ColumnElement[bool]
_MOMENTS = frozenset({"date", "birthday", "instant", "custom"})
_YEARLESS = "^--[0-9]{2}-[0-9]{2}$"


def in_last(column: Column, duration: Duration, view: Viewpoint) -> Condition:
    """In the window (today - duration, today], or of elapsed time when the duration has hours."""
    if duration.seconds:
        return _elapsed(column, column.expression > _before(duration, view), column.expression <= view.now)
    return _days(column, view, after=subtract(view.today, duration), until=view.today)


def in_next(column: Column, duration: Duration, view: Viewpoint) -> Condition:
    """In the window [today, today + duration)."""
    if duration.seconds:
        end = add(view.now.astimezone(view.timezone), duration)
        return _elapsed(column, column.expression >= view.now, column.expression < end)
    day = timedelta(days=1)
    return _days(column, view, after=view.today - day, until=add(view.today, duration) - day)


def older_than(column: Column, duration: Duration, view: Viewpoint) -> Condition:
    """On the day that `in_last` excludes, or before."""
    if duration.seconds:
        return _elapsed(column, column.expression <= _before(duration, view))
    return _days(column, view, after=None, until=subtract(view.today, duration))


def _before(duration: Duration, view: Viewpoint) -> Any:
    return subtract(view.now.astimezone(view.timezone), duration)


def _elapsed(column: Column, *conditions: Condition) -> Condition:
    return and_(*conditions) if column.kind == "instant" else false()


def _days(column: Column, view: Viewpoint, *, after: date | None, until: date) -> Condition:
    if column.kind not in _MOMENTS:
        return false()
    day = day_of(column, view)
    return day <= until if after is None else and_(day > after, day <= until)


def anniversary_in_next(column: Column, duration: Duration, view: Viewpoint) -> Condition:
    """A day of a later year falls in the window of `in_next`; 29 February is the 28th in common years."""
    if column.kind not in _MOMENTS:
        return false()
    first, last = view.today, add(view.today, duration) - timedelta(days=1)
    month_day, since = _month_day_and_year(column, view)
    years = _deciding_years(first, last)
    return or_(*(_falls_in(month_day, since, year, first, last) for year in years))


def _deciding_years(first: date, last: date) -> list[int]:
    """The first, the last, and the last whole one between: whatever an earlier whole year holds, that one holds too."""
    return sorted({first.year, last.year, max(first.year, last.year - 1)})


def _falls_in(month_day: Any, since: Any, year: int, first: date, last: date) -> Condition:
    low, high = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
    leap = (date(year, 3, 1) - timedelta(days=1)).day == 29
    that_year = month_day if leap else case((month_day == 229, 228), else_=month_day)
    return and_(since < year, that_year >= _ordinal(low), that_year <= _ordinal(high))


def _ordinal(day: date) -> int:
    return day.month * 100 + day.day


def _month_day_and_year(column: Column, view: Viewpoint) -> tuple[Any, Any]:
    """As numbers: month * 100 + day, and the year; a birthday without its year has year zero."""
    day = day_of(column, view)
    month_day = cast(extract("month", day) * 100 + extract("day", day), Integer)
    year = cast(extract("year", day), Integer)
    text = _text_of(column)
    if text is None:
        return month_day, year
    yearless = text.regexp_match(_YEARLESS)
    digits = cast(func.replace(func.substr(text, 3), "-", ""), Integer)
    return case((yearless, digits), else_=month_day), case((yearless, literal(0)), else_=year)


def _text_of(column: Column) -> Any:
    if column.kind == "birthday":
        return column.expression
    if column.kind == "custom":
        return json_scalar(column.expression, "string")
    return None
