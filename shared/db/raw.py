"""The asyncpg connection beneath a session, for statements that need its speed or COPY, in the same transaction."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

_PLAN_FOR_THESE_VALUES = "set local plan_cache_mode = force_custom_plan"


async def raw_connection(session: AsyncSession, *, sets: bool = False) -> asyncpg.Connection:
    """Use it only inside the session's open transaction, and never keep it.

    `sets`: its statements join arrays of many values. After five runs PostgreSQL would plan such a statement for a
    handful of rows and loop over the rest (measured: 300 ms instead of 50 ms for 1,000 rows). It has a price: foreign
    keys are planned anew for every row, too (35 µs each). A statement without joins is better off without it.
    """
    connection = await session.connection()
    raw: asyncpg.Connection = (await connection.get_raw_connection()).driver_connection
    if sets:
        await raw.execute(_PLAN_FOR_THESE_VALUES)
    return raw
