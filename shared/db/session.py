"""Sessions. A door opens one, calls one plain function, commits; nothing in between commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Sessions = async_sessionmaker[AsyncSession]
_ENTER: Final = text(
    "select set_config('app.workspace_id', cast(:id as text), true),"
    " workspace_now(cast(cast(:id as text) as uuid)) as now"
)


def create_sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """The door of a worker: commits at the end, rolls back on any exception."""
    async with sessions() as session, session.begin():
        yield session


async def enter_workspace(session: AsyncSession, workspace_id: UUID) -> datetime:
    """Bind row-level security to one workspace until the transaction ends. Returns its present instant (`clock`).

    Raises LookupError for an unknown workspace.
    """
    now: datetime | None = (await session.execute(_ENTER, {"id": str(workspace_id)})).one().now
    if now is None:
        raise LookupError(f"workspace {workspace_id} does not exist")
    return now
