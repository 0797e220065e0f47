"""The asyncpg connection beneath a session, for statements that need its speed or COPY, in the same transaction."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession


async def raw_connection(session: AsyncSession) -> asyncpg.Connection:
    """Use it only inside the session's open transaction, and never keep it."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    return raw.driver_connection
