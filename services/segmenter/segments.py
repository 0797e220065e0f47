"""A segment that was defined, changed or deleted: its members are found anew, in one go."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.segmenter.definitions import Definition, definitions_of
from services.segmenter.memberships import refresh_segment
from services.segmenter.staleness import SQL
from services.segmenter.terms import terms_of
from shared.db.sql import load_sql
from shared.domain.rules.references import segments_used

_CLAIM = load_sql(SQL, "claim_segment")
_EMPTY = load_sql(SQL, "empty_segment")
_MARK = load_sql(SQL, "mark_segments")
_EXISTS = "select exists(select from segment where workspace_id = $1 and id = $2 and deleted_at is null)"


@dataclass(frozen=True, slots=True)
class RefreshedSegment:
    """Which segment was looked at, and how many customers entered or left."""

    segment_id: UUID
    changed: int


async def refresh_next_segment(connection: asyncpg.Connection) -> RefreshedSegment | None:
    """Take one stale segment and bring its members up to its rule, in the caller's transaction. Idempotent.

    Recomputations of the workspace wait meanwhile, so none can write memberships by the old rule afterwards.
    """
    taken = await connection.fetchrow(_CLAIM)
    if taken is None:
        return None
    workspace_id, segment_id, correlation = taken
    terms = await terms_of(connection, workspace_id)
    definitions = {one.segment_id: one for one in await definitions_of(connection, workspace_id)}
    changed = 0
    if segment_id in definitions:
        changed = await refresh_segment(connection, terms, definitions[segment_id], correlation)
    elif not await connection.fetchval(_EXISTS, workspace_id, segment_id):
        changed = await connection.fetchval(_EMPTY, workspace_id, segment_id, terms.now, correlation)
    dependents = _dependents(definitions, segment_id) if changed else []
    await connection.execute(_MARK, workspace_id, dependents, correlation)
    return RefreshedSegment(segment_id, changed)


def _dependents(definitions: dict[UUID, Definition], segment_id: UUID) -> list[UUID]:
    """Those that ask for membership of this one; asking for one's own changes nothing."""
    asking = (one.segment_id for one in definitions.values() if str(segment_id) in segments_used(one.rule))
    return [dependent for dependent in asking if dependent != segment_id]
