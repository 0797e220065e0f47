"""The segments of a workspace as rule trees, in the order in which they can be evaluated."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

import asyncpg
import orjson

from shared.domain.durations import Duration
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.faults import RuleError
from shared.domain.rules.fields import SCORE_PREFIX
from shared.domain.rules.operators import RELATIVE_TO_TODAY
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.references import fields_used, segments_used
from shared.domain.rules.tree import Group, walk
from shared.logging import get_logger

_DEFINITIONS = """
select id, definition_version, rule::text as rule
  from segment
 where workspace_id = $1 and deleted_at is null
 order by id
"""
_CATALOGUE = standard_catalogue()


@dataclass(frozen=True, slots=True)
class Definition:
    """One segment. A version has one rule, so the rule takes no part in comparisons."""

    segment_id: UUID
    version: int
    rule: Group = field(compare=False)


async def definitions_of(connection: asyncpg.Connection, workspace_id: UUID) -> tuple[Definition, ...]:
    """The segments in force. One whose rule cannot be read is left out, and its members stay as they are."""
    rows = await connection.fetch(_DEFINITIONS, workspace_id)
    found = ((row, _parsed(row["rule"])) for row in rows)
    return tuple(Definition(row["id"], row["definition_version"], rule) for row, rule in found if rule is not None)


@lru_cache(maxsize=2048)
def _parsed(rule: str) -> Group | None:
    try:
        return parse_rule(orjson.loads(rule), _CATALOGUE)
    except RuleError as error:
        get_logger().error("segment.unreadable", faults=[fault.code for fault in error.faults])
        return None


def in_levels(definitions: Iterable[Definition]) -> list[tuple[Definition, ...]]:
    """Those that ask for membership of others come after them. Definitions in a circle come last, together."""
    waiting = {str(definition.segment_id): definition for definition in definitions}
    levels: list[tuple[Definition, ...]] = []
    while waiting:
        ready = {id: one for id, one in waiting.items() if not (segments_used(one.rule) - {id}) & waiting.keys()}
        levels.append(tuple((ready or waiting).values()))
        waiting = {id: one for id, one in waiting.items() if id not in ready} if ready else {}
    return levels


def counts_hours(definition: Definition) -> bool:
    """Whether the answer depends on the hour, not only on the day."""
    return any(isinstance(rule.value, Duration) and rule.value.seconds for rule in walk(definition.rule))


def scores_used(definition: Definition) -> frozenset[str]:
    """The figures and classes that decide on membership, by their names of `definitions.md`."""
    used = fields_used(definition.rule)
    return frozenset(name.removeprefix(SCORE_PREFIX) for name in used if name.startswith(SCORE_PREFIX))


def follows_calendar(definition: Definition) -> bool:
    """Whether a new day alone may change the answer for a customer without any fact."""
    return any(
        rule.operator in RELATIVE_TO_TODAY and not rule.field.startswith("scores.") for rule in walk(definition.rule)
    )
