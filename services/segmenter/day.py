"""Local midnight: windows slide, ages rise, anniversaries come. Also when a test clock jumps, in either direction."""

from uuid import UUID

import asyncpg

from services.segmenter.definitions import definitions_of, follows_calendar
from services.segmenter.staleness import SQL
from services.segmenter.terms import terms_of
from shared.db.sql import load_sql

_BEHIND = load_sql(SQL, "days_behind")
_BEGIN = load_sql(SQL, "begin_day")
_MARK_SEGMENTS = load_sql(SQL, "mark_segments")


async def workspaces_of_yesterday(connection: asyncpg.Connection) -> list[UUID]:
    """The workspaces whose figures stand at another day than theirs is now."""
    return [row["workspace_id"] for row in await connection.fetch(_BEHIND)]


async def begin_day(connection: asyncpg.Connection, workspace_id: UUID) -> int | None:
    """Mark whatever may change with the day. Returns how many customers, None if the day was begun before.

    Customers without facts have figures that do not age; for them the segments that look at dates are found anew.
    """
    terms = await terms_of(connection, workspace_id)
    marked: int | None = await connection.fetchval(_BEGIN, workspace_id, terms.today)
    if marked is not None:
        dated = [one.segment_id for one in await definitions_of(connection, workspace_id) if follows_calendar(one)]
        await connection.execute(_MARK_SEGMENTS, workspace_id, dated, None)
    return marked
