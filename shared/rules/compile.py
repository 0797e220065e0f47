"""From a rule tree to a condition: the same answers as `shared.domain.rules.evaluate`, for every customer at once.

Every comparison is made two-valued at its own place (`coalesce(…, false)`), so that negation is the plain complement
there, in groups, and in `not`.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, exists, false, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from shared.domain.durations import Duration
from shared.domain.rules.operators import COMPLEMENT_OF
from shared.domain.rules.tree import Group, Rule
from shared.domain.rules.viewpoint import Viewpoint
from shared.models.customers import Customer
from shared.models.segments import SegmentMembership
from shared.rules.comparing import any_of, begins, compare, contains, ends, is_empty, value_of
from shared.rules.record import Column, column_of
from shared.rules.windows import anniversary_in_next, in_last, in_next, older_than

Condition = ColumnElement[bool]


def condition(group: Group, view: Viewpoint) -> Condition:
    """The condition over `shared.rules.select.joined()`. Raises KeyError for a field that no catalogue has."""
    members = [condition(node, view) if isinstance(node, Group) else _rule(node, view) for node in group.rules]
    joined = _JOIN[group.combinator](members) if members else true()
    return not_(joined) if group.negated else joined


def _odd(members: list[Condition]) -> Condition:
    """True when an odd number of them is."""
    return reduce(lambda left, right: left.is_distinct_from(right), members)


_JOIN: dict[str, Callable[[list[Condition]], Condition]] = {
    "and": lambda members: and_(*members),
    "or": lambda members: or_(*members),
    "xor": _odd,
}


def _rule(rule: Rule, view: Viewpoint) -> Condition:
    positive = COMPLEMENT_OF.get(rule.operator, rule.operator)
    answer = func.coalesce(_positive(positive, rule, view), false())
    return answer if positive == rule.operator else not_(answer)


def _positive(operator: str, rule: Rule, view: Viewpoint) -> Condition:
    column = column_of(rule.field, view)
    if column.kind == "segments":
        return _member_of(None if operator == "null" else rule.value)
    if operator == "null":
        return is_empty(column)
    if isinstance(rule.value, Duration):
        return _WINDOWS[operator](column, rule.value, view)
    if operator == "changedFrom":
        return _changed_from(column, _several(rule.value), view)
    wanted = [column_of(str(rule.value), view)] if rule.value_source == "field" else _several(rule.value)
    return _TESTS[operator](column, wanted, view)


def _several(value: Any) -> list[Column]:
    return [value_of(item) for item in (value if isinstance(value, tuple) else (value,))]


_WINDOWS: dict[str, Callable[[Column, Duration, Viewpoint], Condition]] = {
    "inLast": in_last,
    "inNext": in_next,
    "olderThan": older_than,
    "anniversaryInNext": anniversary_in_next,
}


def _ordered(operator: str) -> Callable[[Column, list[Column], Viewpoint], Condition]:
    return lambda column, wanted, view: compare(operator, column, wanted[0], view)


def _between(column: Column, wanted: list[Column], view: Viewpoint) -> Condition:
    return and_(compare(">=", column, wanted[0], view), compare("<=", column, wanted[-1], view))


_TESTS: dict[str, Callable[[Column, list[Column], Viewpoint], Condition]] = {
    **{operator: _ordered(operator) for operator in ("=", "<", ">", "<=", ">=")},
    "contains": contains,
    "beginsWith": begins,
    "endsWith": ends,
    "in": any_of,
    "between": _between,
}


def _changed_from(column: Column, wanted: list[Column], view: Viewpoint) -> Condition:
    """What it was before its last change is among these, and is not what it is now."""
    if column.previous is None:
        return false()
    before = Column(column.previous, "code")
    unchanged = func.coalesce(compare("=", before, column, view), false())
    return and_(not_(unchanged), any_of(before, wanted, view))


def _member_of(segments: Any) -> Condition:
    """Member of any of these segments; of none at all if None."""
    mine = and_(SegmentMembership.workspace_id == Customer.workspace_id, SegmentMembership.customer_id == Customer.id)
    if segments is None:
        return not_(exists(select(SegmentMembership.segment_id).where(mine).correlate(Customer)))
    named = SegmentMembership.segment_id == func.any(cast(list(segments), ARRAY(PgUuid)))
    return exists(select(SegmentMembership.segment_id).where(mine, named).correlate(Customer))
