"""Who is in which segment: evaluate, compare with what is stored, write the differences with their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

import asyncpg

from services.segmenter.definitions import Definition, counts_hours, definitions_of, in_levels
from services.segmenter.evaluation import membership_differences, record_fields
from services.segmenter.staleness import SQL
from services.segmenter.terms import Terms
from shared.db.engine import dump_json
from shared.db.sql import load_sql
from shared.domain.calendar import zone_named
from shared.domain.rules.evaluate import Record, explain
from shared.domain.rules.references import fields_used
from shared.domain.rules.viewpoint import Viewpoint
from shared.rules.records import as_record

EXPLAINED_AT_MOST = 1000
"""With more changes at once the reason is not stored: it can be told from the present figures when asked."""
_WRITTEN_AT_ONCE = 5000
_CHANGE = load_sql(SQL, "change_memberships")


@dataclass(frozen=True, slots=True)
class Difference:
    """A customer that enters or leaves a segment, or stays by a newer version of its definition."""

    customer_id: UUID
    definition: Definition
    change: str


async def refresh_memberships(
    connection: asyncpg.Connection,
    terms: Terms,
    customers: Sequence[UUID],
    correlations: Mapping[UUID, str | None],
) -> int:
    """Evaluate every segment for these customers. Returns how many entered or left. Idempotent."""
    changed = 0
    for level in in_levels(await definitions_of(connection, terms.workspace_id)):
        changed += await _refresh(connection, terms, level, customers, correlations)
    return changed


async def refresh_segment(
    connection: asyncpg.Connection, terms: Terms, definition: Definition, correlation: str | None
) -> int:
    """Evaluate one segment for everybody. The caller holds the exclusive lock of the workspace's segments."""
    found = await _differences(connection, terms, (definition,), None)
    correlations = dict.fromkeys((difference.customer_id for difference in found), correlation)
    return await _write(connection, terms, found, correlations)


async def _refresh(
    connection: asyncpg.Connection,
    terms: Terms,
    definitions: tuple[Definition, ...],
    customers: Sequence[UUID],
    correlations: Mapping[UUID, str | None],
) -> int:
    found = await _differences(connection, terms, definitions, customers)
    return await _write(connection, terms, found, correlations) if found else 0


async def _differences(
    connection: asyncpg.Connection,
    terms: Terms,
    definitions: tuple[Definition, ...],
    customers: Sequence[UUID] | None,
) -> list[Difference]:
    view = _view(terms, by_the_hour=any(map(counts_hours, definitions)))
    statement = membership_differences(terms.workspace_id, definitions, view, everybody=customers is None)
    by_id = {definition.segment_id: definition for definition in definitions}
    return [
        Difference(row["customer_id"], by_id[row["segment_id"]], _change(row["wanted"], row["held"]))
        for row in await statement.fetch(connection, customers or ())
    ]


def _change(wanted: int | None, held: int | None) -> str:
    if wanted is None:
        return "left"
    return "entered" if held is None else "kept"


def _view(terms: Terms, *, by_the_hour: bool) -> Viewpoint:
    """Rules that only look at days get the same view all day, so that what was compiled for them is found again."""
    now = terms.now if by_the_hour else datetime.combine(terms.today, time(), UTC)
    return Viewpoint(terms.today, now, zone_named(terms.timezone))


async def _write(
    connection: asyncpg.Connection,
    terms: Terms,
    found: Sequence[Difference],
    correlations: Mapping[UUID, str | None],
) -> int:
    reasons = await _reasons(connection, terms, found)
    changed = 0
    for start in range(0, len(found), _WRITTEN_AT_ONCE):
        some = found[start : start + _WRITTEN_AT_ONCE]
        changed += await connection.fetchval(
            _CHANGE,
            terms.workspace_id,
            terms.now,
            {str(one.customer_id): correlations.get(one.customer_id) for one in some},
            [difference.definition.segment_id for difference in some],
            [difference.customer_id for difference in some],
            [difference.definition.version for difference in some],
            [difference.change for difference in some],
            [reasons.get(difference, "{}") for difference in some],
        )
    return changed


async def _reasons(connection: asyncpg.Connection, terms: Terms, found: Sequence[Difference]) -> dict[Difference, str]:
    """Why each one enters or leaves: every rule with what it wanted and found."""
    explained = [difference for difference in found if difference.change != "kept"]
    if not 0 < len(explained) <= EXPLAINED_AT_MOST:
        return {}
    view = _view(terms, by_the_hour=True)
    records = await _records(connection, terms, explained)
    return {
        difference: _reason(difference, records[difference.customer_id], view)
        for difference in explained
        if difference.customer_id in records
    }


async def _records(connection: asyncpg.Connection, terms: Terms, explained: Sequence[Difference]) -> dict[UUID, Record]:
    fields = frozenset(name for one in {each.definition for each in explained} for name in fields_used(one.rule))
    statement = record_fields(terms.workspace_id, fields, _view(terms, by_the_hour=False))
    rows = await statement.fetch(connection, list({difference.customer_id for difference in explained}))
    return dict(as_record(row, fields) for row in rows)


def _reason(difference: Difference, record: Record, view: Viewpoint) -> str:
    traces = explain(difference.definition.rule, record, view.today, view.now, view.timezone)
    rules = [
        {
            "field": trace.field,
            "operator": trace.operator,
            "wanted": trace.wanted,
            "actual": trace.actual,
            "result": trace.result,
        }
        for trace in traces
    ]
    return dump_json({"definition_version": difference.definition.version, "rules": rules})
