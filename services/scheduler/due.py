"""The due loop's door: find what is due, and do each in a transaction of its own.

Any number of processes may look at once: whoever locks an action first has it, the others pass it by.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.desk import Desk, Letterhead
from services.scheduler.faults import is_outside_fault
from services.scheduler.running import advance, give_up_or_retry
from services.scheduler.workspaces import enter_company
from shared.db.session import Sessions, transaction
from shared.db.sql import load_sql
from shared.logging import get_logger
from shared.models import DueAction
from shared.telemetry import DUE_ACTION_LATENESS, correlated

BATCH: Final = 64
AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class DueSteps:
    """Runs what is due, for ever or until nothing is."""

    sessions: Sessions
    letterhead: Letterhead

    async def run_batch(self) -> int:
        """Do up to `BATCH` due steps, the latest first; returns how many were found."""
        async with transaction(self.sessions) as session:
            rows = (await session.execute(text(load_sql("services.scheduler", "sql/due")), {"limit": BATCH})).all()
        return await self._run([(row.workspace_id, row.id) for row in rows])

    async def run_workspace(self, workspace_id: UUID) -> int:
        """The same for one workspace: what a test clock drives."""
        async with transaction(self.sessions) as session:
            _, now = await enter_company(session, workspace_id)
            statement = select(DueAction.id).where(DueAction.workspace_id == workspace_id, DueAction.due_at <= now)
            found = await session.scalars(statement.order_by(DueAction.due_at).limit(BATCH))
            keys = [(workspace_id, action_id) for action_id in found]
        return await self._run(keys)

    async def _run(self, keys: list[tuple[UUID, UUID]]) -> int:
        waiting = iter(keys)
        await asyncio.gather(*(self._work_off(waiting) for _ in range(min(AT_ONCE, len(keys)))))
        return len(keys)

    async def _work_off(self, waiting: Iterator[tuple[UUID, UUID]]) -> None:
        for workspace_id, action_id in waiting:
            await self.run_one(workspace_id, action_id)

    async def run_one(self, workspace_id: UUID, action_id: UUID) -> None:
        """One step, one transaction. A step that fails is tried again later, and never holds up another."""
        try:
            async with transaction(self.sessions) as session:
                await self._claim_and_advance(session, workspace_id, action_id)
        except Exception as error:
            if is_outside_fault(error):
                raise
            get_logger().error("due_action.failed", workspace_id=str(workspace_id), error=repr(error))
            await self._record_failure(workspace_id, action_id, repr(error))

    async def _claim_and_advance(self, session: AsyncSession, workspace_id: UUID, action_id: UUID) -> None:
        action = await _claim(session, workspace_id, action_id)
        if action is None:
            return
        company, now = await enter_company(session, workspace_id)
        with correlated(action.correlation_id, workspace_id=str(workspace_id)):
            DUE_ACTION_LATENESS.observe(max(0.0, (now - action.due_at).total_seconds()))
            await advance(Desk(session, self.letterhead, now), company, action)

    async def _record_failure(self, workspace_id: UUID, action_id: UUID, error: str) -> None:
        async with transaction(self.sessions) as session:
            action = await _claim(session, workspace_id, action_id)
            if action is None:
                return
            company, now = await enter_company(session, workspace_id)
            with correlated(action.correlation_id, workspace_id=str(workspace_id)):
                await give_up_or_retry(Desk(session, self.letterhead, now), company, action, error)


async def _claim(session: AsyncSession, workspace_id: UUID, action_id: UUID) -> DueAction | None:
    """The action, locked; None if another process has it, or did it, or it is not due any more."""
    statement = (
        select(DueAction)
        .where(
            DueAction.workspace_id == workspace_id,
            DueAction.id == action_id,
            DueAction.due_at <= func.workspace_now(workspace_id),
        )
        .with_for_update(skip_locked=True)
    )
    return await session.scalar(statement)


_LONGEST_WAIT: Final = text("""
select max(now() - d.due_at)
  from workspace w
 cross join lateral (
       select a.due_at from due_action a where a.workspace_id = w.id and a.due_at <= now() order by a.due_at limit 1) d
 where not w.sandbox
""")


async def longest_wait(session: AsyncSession) -> timedelta:
    """How late the latest due action is; zero when nothing is due. A test clock that jumps makes nothing late."""
    return await session.scalar(_LONGEST_WAIT) or timedelta(0)
