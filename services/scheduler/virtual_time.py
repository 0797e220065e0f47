"""The test clock of sandbox workspaces: it goes to its target by way of every moment at which something may happen.

At each stop everything that is due is done, by the same code as in real time, and what follows from it too; only then
does it go on. Any process may drive it; an advisory lock elects one per workspace.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, func, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.deliveries import Deliveries
from services.scheduler.due import DueSteps
from services.scheduler.runs import JobRuns
from shared.db.session import Sessions, transaction
from shared.db.sql import load_sql
from shared.logging import get_logger
from shared.models import Workspace

LOOK_AGAIN: Final = 0.02
_LOCK: Final = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")
_UNLOCK: Final = text("select pg_advisory_unlock(hashtextextended(:name, 0))")

Pending = Callable[[], Awaitable[bool]]


async def nothing_pending() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class VirtualTime:
    """`pending` says whether the broker still has events to deliver. `patience`: how long others are waited for."""

    sessions: Sessions
    steps: DueSteps
    runs: JobRuns
    deliveries: Deliveries
    pending: Pending = nothing_pending
    patience: float = 30.0

    async def advance_all(self) -> bool:
        """Bring every advancing clock one stop further; returns whether there was one."""
        async with transaction(self.sessions) as session:
            advancing = select(Workspace.id).where(Workspace.sandbox, Workspace.clock_target.is_not(None))
            found = (await session.scalars(advancing.order_by(Workspace.id))).all()
        moved = [await self.advance(workspace_id) for workspace_id in found]
        return any(moved)

    async def advance(self, workspace_id: UUID) -> bool:
        """Do all that is due now, then go to the next stop or arrive; False if another process drives this clock.

        The lock belongs to a connection, which holds no transaction: when this process dies, the next one takes over.
        """
        name = {"name": f"test clock {workspace_id}"}
        async with self.sessions() as session:
            connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            if not await connection.scalar(_LOCK, name):
                return False
            try:
                await self._do_everything(workspace_id)
                async with transaction(self.sessions) as work:
                    await _go_on(work, workspace_id)
            finally:
                await connection.execute(_UNLOCK, name)
        return True

    async def _do_everything(self, workspace_id: UUID) -> None:
        """Until a whole round, with the others settled before it, finds nothing more to do."""
        done = True
        while done:
            await self._settle(workspace_id)
            done = await self.runs.run_due_of(workspace_id) > 0
            while await self.steps.run_workspace(workspace_id):
                done = True
            while await self.deliveries.deliver_next_of(workspace_id):
                done = True

    async def _settle(self, workspace_id: UUID) -> None:
        """Wait for the segmenter and for events under way; not for ever, because a clock must not hang."""
        clock = asyncio.get_running_loop()
        give_up_at = clock.time() + self.patience
        statement = text(load_sql("services.scheduler", "sql/unsettled"))
        while clock.time() < give_up_at:
            async with transaction(self.sessions) as session:
                waiting = await session.scalar(statement, {"workspace_id": workspace_id})
            if not waiting and not await self.pending():
                return
            await asyncio.sleep(LOOK_AGAIN)
        get_logger().warning("test_clock.not_settled", workspace_id=str(workspace_id), waited=self.patience)


async def _go_on(session: AsyncSession, workspace_id: UUID) -> None:
    """End the advance if this is the target, else set the clock to its next stop."""
    mine = update(Workspace).where(Workspace.id == workspace_id, Workspace.clock_target.is_not(None))
    arrived = mine.where(Workspace.clock_target <= func.now() + Workspace.clock_offset)
    if await session.scalar(arrived.values(clock_target=None).returning(Workspace.id)) is not None:
        return
    statement = text(load_sql("services.scheduler", "sql/next_stop"))
    row = (await session.execute(statement, {"workspace_id": workspace_id})).first()
    if row is not None and row.stop > row.now:
        stop = literal(row.stop, DateTime(timezone=True))
        await session.execute(mine.values(clock_offset=stop - func.now()))
