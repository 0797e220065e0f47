"""Sessions. A door opens one, calls one plain function, commits; nothing in between commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Sessions = async_sessionmaker[AsyncSession]


def create_sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """The door of a worker: commits at the end, rolls back on any exception."""
    async with sessions() as session, session.begin():
        yield session


async def enter_workspace(session: AsyncSession, workspace_id: UUID) -> None:
    """Bind row-level security to one workspace until the transaction ends."""
    await session.execute(text("select set_config('app.workspace_id', :id, true)"), {"id": str(workspace_id)})
