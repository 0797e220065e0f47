"""Does this record match this rule, and why? What the operators and NULL mean is told in the package's docstring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from shared.domain.rules.comparing import TESTS, is_empty, same
from shared.domain.rules.fields import PREVIOUS_PREFIX
from shared.domain.rules.operators import COMPLEMENT_OF
from shared.domain.rules.tree import Group, Rule
from shared.domain.rules.viewpoint import Viewpoint

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule's answer: where it stands in the tree, what it wanted, what it found, and what it said."""

    pointer: str
    field: str
    operator: str
    wanted: object
    actual: object
    result: bool


def matches(group: Group, record: Record, today: date, now: datetime, timezone: tzinfo) -> bool:
    """Whether the record belongs to the segment.

    A record is flat: `{"name": ..., "address.city": ..., "scores.rfm.segment": ..., "tags": [...]}`, with UUIDs or
    their text, decimals or integers for numbers, dates (a birthday without its year as `--MM-DD`), and instants with
    a zone. `segments` holds the ids of the segments it is a member of, `previous.<field>` the value before the last
    change.
    """
    return _group(group, record, Viewpoint(today, now, timezone))


def explain(group: Group, record: Record, today: date, now: datetime, timezone: tzinfo) -> tuple[RuleTrace, ...]:
    """Every rule of the tree with its own answer, from left to right; groups and their negation are not applied."""
    view = Viewpoint(today, now, timezone)
    return tuple(
        RuleTrace(
            pointer=pointer,
            field=rule.field,
            operator=rule.operator,
            wanted=_wanted(rule, record),
            actual=_actual(rule, record),
            result=_rule(rule, record, view),
        )
        for pointer, rule in _located(group, "#")
    )


def _located(group: Group, pointer: str) -> Iterator[tuple[str, Rule]]:
    for at, node in enumerate(group.rules):
        where = f"{pointer}/rules/{at}"
        if isinstance(node, Group):
            yield from _located(node, where)
        else:
            yield where, node


def _group(group: Group, record: Record, view: Viewpoint) -> bool:
    answers = (
        _group(node, record, view) if isinstance(node, Group) else _rule(node, record, view) for node in group.rules
    )
    if not group.rules or group.combinator == "and":
        result = all(answers)
    elif group.combinator == "or":
        result = any(answers)
    else:
        result = sum(answers) % 2 == 1
    return result is not group.negated


def _rule(rule: Rule, record: Record, view: Viewpoint) -> bool:
    positive = COMPLEMENT_OF.get(rule.operator, rule.operator)
    return _positive(positive, rule, record, view) is (positive == rule.operator)


def _positive(operator: str, rule: Rule, record: Record, view: Viewpoint) -> bool:
    actual, wanted = _actual(rule, record), _wanted(rule, record)
    if operator == "null":
        return is_empty(actual)
    if is_empty(actual) or is_empty(wanted):
        return False
    if operator == "changedFrom" and same(actual, record.get(rule.field), view):
        return False
    return TESTS[operator](actual, wanted, view)


def _wanted(rule: Rule, record: Record) -> object:
    return record.get(str(rule.value)) if rule.value_source == "field" else rule.value


def _actual(rule: Rule, record: Record) -> object:
    """What is compared: the field, or for `changedFrom` what it held before its last change."""
    return record.get(PREVIOUS_PREFIX + rule.field if rule.operator == "changedFrom" else rule.field)
