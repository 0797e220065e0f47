"""The command line's door to the database: the owner's sessions, which see every workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.cli.answers import CommandFailed
from shared.db.engine import create_engine
from shared.db.session import Sessions, create_sessions
from shared.settings import Settings

FIRST_WORKSPACE = "demo"
_WORKSPACE = text("select id from workspace where name = :name or cast(id as text) = :name")


@asynccontextmanager
async def sessions_of(settings: Settings) -> AsyncIterator[Sessions]:
    engine = create_engine(settings.sqlalchemy_url, application="cli", pool_size=2)
    try:
        yield create_sessions(engine)
    finally:
        await engine.dispose()


async def workspace_named(session: AsyncSession, name: str) -> UUID:
    """By its name or id. Raises CommandFailed."""
    found = await session.scalar(_WORKSPACE, {"name": name})
    if found is None:
        raise CommandFailed(f"There is no workspace {name!r}.")
    return UUID(str(found))
