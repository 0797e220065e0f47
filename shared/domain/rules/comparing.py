"""The positive operators, as functions of what a record holds, what the rule wants, and when it is asked.

Neither side is ever empty here. Values of different kinds never match: a text is not a number.
"""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from uuid import UUID

from shared.domain.durations import Duration
from shared.domain.rules.folding import fold
from shared.domain.rules.viewpoint import Viewpoint

Test = Callable[[object, object, Viewpoint], bool]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARLESS = re.compile(r"--([0-9]{2})-([0-9]{2})")


def is_empty(value: object) -> bool:
    """Whether there is no value: nothing, an empty text, an empty list."""
    return value is None or (isinstance(value, str | list | tuple | set | frozenset) and not value)


def same(actual: object, wanted: object, view: Viewpoint) -> bool:
    return _compare(eq, actual, wanted, view)


def _compare(how: Callable[..., bool], actual: object, wanted: object, view: Viewpoint) -> bool:
    if isinstance(wanted, date):
        actual = _moment(actual)
    by_day = not (isinstance(actual, datetime) and isinstance(wanted, datetime))
    left, right = _kind(actual, view, by_day=by_day), _kind(wanted, view, by_day=by_day)
    return left is not None and right is not None and left[0] == right[0] and how(left[1], right[1])


def _kind(value: object, view: Viewpoint, *, by_day: bool) -> tuple[str, object] | None:
    """What can be compared with what, and the form in which it is."""
    match value:
        case bool():
            return "boolean", value
        case int() | float() | Decimal():
            return "number", Decimal(str(value))
        case date():
            return "time", view.local_day(value) if by_day else value
        case str() | UUID():
            return "text", fold(str(value))
        case _:
            return None


def _moment(value: object) -> object:
    """A date written as text is a date: custom fields are JSON, which has none."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value


def _elements(value: object) -> Collection[object]:
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def _contains(actual: object, wanted: object, view: Viewpoint) -> bool:
    if isinstance(actual, str):
        return fold(str(wanted)) in fold(actual)
    return _any_of(actual, wanted, view)


def _begins(actual: object, wanted: object, _: Viewpoint) -> bool:
    return isinstance(actual, str) and fold(actual).startswith(fold(str(wanted)))


def _ends(actual: object, wanted: object, _: Viewpoint) -> bool:
    return isinstance(actual, str) and fold(actual).endswith(fold(str(wanted)))


def _any_of(actual: object, wanted: object, view: Viewpoint) -> bool:
    return any(same(one, other, view) for one in _elements(actual) for other in _elements(wanted))


def _between(actual: object, wanted: object, view: Viewpoint) -> bool:
    low, high = _elements(wanted)
    return _compare(ge, actual, low, view) and _compare(le, actual, high, view)


def _within(window: Callable[[Viewpoint, date, Duration], bool]) -> Test:
    def test(actual: object, wanted: object, view: Viewpoint) -> bool:
        moment = _moment(actual)
        return isinstance(moment, date) and isinstance(wanted, Duration) and window(view, moment, wanted)

    return test


def _anniversary(actual: object, wanted: object, view: Viewpoint) -> bool:
    moment = _moment(actual)
    if not isinstance(wanted, Duration):
        return False
    if isinstance(moment, date):
        day = view.local_day(moment)
        return view.anniversary_in_next(day.month, day.day, day.year, wanted)
    yearless = _YEARLESS.fullmatch(moment) if isinstance(moment, str) else None
    return yearless is not None and view.anniversary_in_next(int(yearless[1]), int(yearless[2]), 0, wanted)


def _ordered(how: Callable[..., bool]) -> Test:
    def test(actual: object, wanted: object, view: Viewpoint) -> bool:
        return _compare(how, actual, wanted, view)

    return test


TESTS: dict[str, Test] = {
    "=": same,
    "<": _ordered(lt),
    ">": _ordered(gt),
    "<=": _ordered(le),
    ">=": _ordered(ge),
    "contains": _contains,
    "beginsWith": _begins,
    "endsWith": _ends,
    "in": _any_of,
    "between": _between,
    "inLast": _within(Viewpoint.in_last),
    "inNext": _within(Viewpoint.in_next),
    "anniversaryInNext": _anniversary,
    "olderThan": _within(Viewpoint.older_than),
    "memberOf": _any_of,
    "changedFrom": _any_of,
}
