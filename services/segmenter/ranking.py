"""Relative classes (Pareto, ABC, RFM, high potential, costly), kept exact by ranking the whole portfolio again.

Recomputations count their changes to the inputs of a ranking; a run notes the count it began with, so what is
committed meanwhile makes the next run. One run at a time per workspace. Its callers and tables would stay the same if
only the customers between an old and a new cut were looked at.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.segmenter.staleness import SQL
from services.segmenter.terms import ranking_terms, terms_of
from shared.db.sql import load_sql
from shared.telemetry import RECOMPUTE_SECONDS

LARGE = 20_000
"""From so many customers on, rank numbers wait for a quiet moment: each sale moves thousands of them."""
RECLASSIFIED_AT_ONCE = 5000
_BEHIND = load_sql(SQL, "ranking_behind")
_BEGIN = load_sql(SQL, "begin_ranking")
_RANK = load_sql(SQL, "ranking")
_MARK = load_sql(SQL, "mark_reclassified")
_END = load_sql(SQL, "end_ranking")


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a run found: the size of the portfolio, and how many customers changed class."""

    population: int
    reclassified: int


async def workspaces_behind(connection: asyncpg.Connection) -> list[UUID]:
    """The workspaces whose classes are behind their metrics, the longest waiting first."""
    return [row["workspace_id"] for row in await connection.fetch(_BEHIND)]


async def rank_workspace(connection: asyncpg.Connection, workspace_id: UUID) -> Ranked | None:
    """Classify everybody, write only what differs, and mark whose classes changed. None if another run is at it.

    In a large portfolio rank numbers that moved without a change of class are written when it is quiet.
    """
    state = await connection.fetchrow(_BEGIN, workspace_id, LARGE)
    if state is None:
        return None
    terms = await terms_of(connection, workspace_id)
    with RECOMPUTE_SECONDS.labels("ranking").time():
        row = await connection.fetchrow(_RANK, workspace_id, ranking_terms(terms), state["ranks"], RECLASSIFIED_AT_ONCE)
    await connection.execute(_MARK, workspace_id, row["reclassified"])
    behind = row["more"] or not state["ranks"]
    # Where more is left than one run writes, it is as if the last change had not been seen: there is a next run.
    await connection.execute(_END, workspace_id, state["changes"] - row["more"], row["population"], behind)
    return Ranked(row["population"], len(row["reclassified"]))
