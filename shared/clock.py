"""The one clock: the database's time plus the workspace's offset (zero outside a sandbox).

A door reads it once and passes `now` down. A host whose clock is wrong therefore changes nothing.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

_NOW: Final = text("select workspace_now(:workspace_id)")


async def workspace_now(session: AsyncSession | AsyncConnection, workspace_id: UUID) -> datetime:
    """The present instant of a workspace, with UTC offset; raises LookupError for an unknown workspace."""
    now: datetime | None = await session.scalar(_NOW, {"workspace_id": workspace_id})
    if now is None:
        raise LookupError(f"workspace {workspace_id} does not exist")
    return now
