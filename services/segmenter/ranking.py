"""Relative classes (Pareto, ABC, RFM, high potential, costly), kept exact without ranking everybody for each sale.

A class is a comparison with the last customer in it. A run counts the customers that moved in their new buckets, finds
by the buckets where every class ends now, and looks at those that moved and those whom an end moved over: nobody else's
class can have changed. Everybody is looked at when a day begins, when settings change, and when very many moved. One
run at a time per workspace.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.segmenter.definitions import Definition, definitions_of, scores_used
from services.segmenter.staleness import SQL
from services.segmenter.terms import ranking_terms, terms_of
from shared.db.sql import load_sql
from shared.telemetry import RECOMPUTE_SECONDS

LARGE = 20_000
"""From so many customers on, rank numbers wait for a quiet moment: each sale moves thousands of them."""
RECLASSIFIED_AT_ONCE = 5000
BUCKETS = 1000
_BEHIND = load_sql(SQL, "ranking_behind")
_BEGIN = load_sql(SQL, "begin_ranking")
_TAKE_MOVED = load_sql(SQL, "take_moved")
_REFRESH_INPUTS = load_sql(SQL, "refresh_inputs")
_COUNT_BUCKETS = load_sql(SQL, "count_buckets")
_MOVE_CUTS = load_sql(SQL, "move_cuts")
_CLASSIFY = load_sql(SQL, "classify")
_WRITE_RANKS = load_sql(SQL, "write_ranks")
_END = load_sql(SQL, "end_ranking")
_MARK_SEGMENTS = load_sql(SQL, "mark_segments")
# A segment that is defined meanwhile is found anew after this run, and sees its classes.
_KEEP_SEGMENTS = "select pg_advisory_xact_lock_shared(hashtextextended('segments ' || $1::uuid, 0))"


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a run did: the size of the portfolio, whether it looked at everybody, and how many changed class."""

    population: int
    everybody: bool
    reclassified: int


async def workspaces_behind(connection: asyncpg.Connection, full_outbox: int) -> list[UUID]:
    """The workspaces whose classes are behind their metrics, the longest waiting first.

    One where very many classes change waits while `full_outbox` events are to be published.
    """
    return [row["workspace_id"] for row in await connection.fetch(_BEHIND, full_outbox)]


async def rank_workspace(connection: asyncpg.Connection, workspace_id: UUID) -> Ranked | None:
    """Bring all classes up to the metrics, and mark whose changed. None if another run is at it.

    In a large portfolio rank numbers are written when it is quiet.
    """
    state = await connection.fetchrow(_BEGIN, workspace_id, LARGE)
    if state is None:
        return None
    terms = ranking_terms(await terms_of(connection, workspace_id))
    await connection.execute(_KEEP_SEGMENTS, workspace_id)
    definitions = await definitions_of(connection, workspace_id)
    with RECOMPUTE_SECONDS.labels("ranking").time():
        moved = await _refresh(connection, workspace_id, everybody=state["everybody"])
        cuts = await connection.fetchval(_MOVE_CUTS, workspace_id, terms)
        all_of_them = state["everybody"] or state["unfinished"]
        found = await connection.fetchrow(
            _CLASSIFY, workspace_id, terms, moved, cuts, all_of_them, RECLASSIFIED_AT_ONCE, _asked_for(definitions)
        )
        if state["ranks"]:
            await _write_ranks(connection, workspace_id, terms["now"], definitions)
    population = await connection.fetchval(_END, workspace_id, state["basis"], found["more"], not state["ranks"])
    return Ranked(population, all_of_them, found["reclassified"])


def _asked_for(definitions: Iterable[Definition]) -> list[str]:
    """The classes that a rule asks for; a cell is made of its three digits."""
    used = frozenset[str]().union(*map(scores_used, definitions))
    digits = (f"{name}.{axis}" for name in ("rfm", "rfm_ntile") if f"{name}.cell" in used for axis in "rfm")
    return sorted(used.union(digits))


async def _write_ranks(
    connection: asyncpg.Connection, workspace_id: UUID, now: datetime, definitions: Iterable[Definition]
) -> None:
    """Numbers move by the thousand: segments that ask for them are found anew as a whole."""
    if await connection.fetchval(_WRITE_RANKS, workspace_id, now):
        numbered = [one.segment_id for one in definitions if "rank" in scores_used(one)]
        await connection.execute(_MARK_SEGMENTS, workspace_id, numbered, None)


async def _refresh(connection: asyncpg.Connection, workspace_id: UUID, *, everybody: bool) -> Sequence[UUID]:
    """Take in what moved. Returns the customers, none where it is everybody."""
    if not everybody:
        moved: Sequence[UUID] = await connection.fetchval(_TAKE_MOVED, workspace_id)
        await connection.execute(_REFRESH_INPUTS, workspace_id, moved, False)
        return moved
    await connection.execute("delete from stale_ranking where workspace_id = $1", workspace_id)
    await connection.execute(_REFRESH_INPUTS, workspace_id, [], True)
    await connection.execute(_COUNT_BUCKETS, workspace_id, BUCKETS)
    return []
