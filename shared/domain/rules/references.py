"""What a rule depends on: fields, other segments, and the calendar."""

from collections.abc import Collection, Iterable, Mapping

from shared.domain.rules.fields import PREVIOUS_PREFIX, SCORE_PREFIX, SEGMENTS_FIELD
from shared.domain.rules.operators import MEMBERSHIP, RELATIVE_TO_TODAY
from shared.domain.rules.tree import Group, Rule, walk


def fields_used(group: Group) -> frozenset[str]:
    """The keys a record needs: every field named on either side, and `previous.<field>` for changedFrom."""
    return frozenset(name for rule in walk(group) for name in _names(rule))


def segments_used(group: Group) -> frozenset[str]:
    """The ids of the segments that the rule asks for membership of."""
    named = (rule.value for rule in walk(group) if rule.operator in MEMBERSHIP)
    return frozenset(str(segment) for value in named if isinstance(value, tuple) for segment in value)


def time_sensitive(group: Group) -> bool:
    """Whether the passage of time alone may change the answer.

    True for operators relative to today, for any score (every score has a window, an age or a rank that moves with
    the calendar), and for membership of another segment, whose own rule may be of these.
    """
    return any(
        rule.operator in RELATIVE_TO_TODAY or name == SEGMENTS_FIELD or name.startswith(SCORE_PREFIX)
        for rule in walk(group)
        for name in _names(rule)
    )


def find_cycle(references: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """A circle of segments that refer to one another, first and last the same; empty when there is none.

    `references` maps a segment to those its rule names. The answer depends on the content only, not on its order.
    """
    finished: set[str] = set()
    for start in sorted(references):
        cycle = _cycle_from(start, references, finished)
        if cycle:
            return cycle
    return ()


def _cycle_from(start: str, references: Mapping[str, Collection[str]], finished: set[str]) -> tuple[str, ...]:
    """Depth first with a list instead of recursion: a chain of segments may be longer than Python's stack."""
    path: list[str] = []
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        segment, leaving = waiting.pop()
        if leaving:
            finished.add(path.pop())
        elif segment in path:
            return (*path[path.index(segment) :], segment)
        elif segment not in finished:
            path.append(segment)
            waiting.append((segment, True))
            waiting += [(named, False) for named in sorted(references.get(segment, ()), reverse=True)]
    return ()


def _names(rule: Rule) -> Iterable[str]:
    yield rule.field
    if rule.operator == "changedFrom":
        yield PREVIOUS_PREFIX + rule.field
    if rule.value_source == "field":
        yield str(rule.value)
