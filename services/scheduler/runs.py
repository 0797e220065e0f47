"""Run periodic jobs: each at its latest planned time, exactly once, by whichever process comes first.

The claim of a run and its work are one transaction: a process that dies leaves neither, and the next look begins again.
A run that failed is on record and is tried again a few times.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.desk import Desk, Letterhead
from services.scheduler.faults import is_outside_fault
from services.scheduler.jobs import INSTALLATION_JOBS, JOBS, InstallationJob, Job, Result
from services.scheduler.workspaces import Company, as_company
from shared.db.session import Sessions, transaction
from shared.db.sql import load_sql
from shared.logging import get_logger
from shared.models import JobRun, Workspace
from shared.telemetry import correlated

INSTALLATION: Final = UUID(int=0)
"""Stands where a workspace's id stands, for jobs that belong to none."""
MAX_ATTEMPTS: Final = 5
RETRY_AFTER: Final = timedelta(minutes=1)
_LOOK_BACK: Final = (timedelta(hours=2), timedelta(days=2), timedelta(days=8), timedelta(days=63))
_ALONE: Final = text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True)
class _Plan:
    """One job of one workspace at one planned time. `work` gets the session's desk."""

    workspace_id: UUID
    job: str
    at: datetime
    now: datetime
    work: Callable[[Desk], Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class JobRuns:
    """Looks which jobs are due and runs them. `_done` only spares asking again for what is known to be done."""

    sessions: Sessions
    letterhead: Letterhead
    jobs: tuple[Job, ...] = JOBS
    installation_jobs: tuple[InstallationJob, ...] = INSTALLATION_JOBS
    _done: dict[tuple[UUID, str], datetime] = field(default_factory=dict)

    async def run_due(self) -> int:
        """Run what is due in every workspace and in the installation; returns how many runs were done here."""
        async with transaction(self.sessions) as session:
            real_now: datetime = await session.scalar(select(func.now()))  # type: ignore[assignment]
            rows = (await session.execute(select(Workspace, func.now() + Workspace.clock_offset))).all()
        count = sum([await self._run(self._of_installation(job, real_now)) for job in self.installation_jobs])
        for row, now in rows:
            count += await self._run_of(as_company(row), now)
        return count

    async def run_due_of(self, workspace_id: UUID) -> int:
        """The same for one workspace: what a test clock drives."""
        async with transaction(self.sessions) as session:
            statement = select(Workspace, func.now() + Workspace.clock_offset).where(Workspace.id == workspace_id)
            row, now = (await session.execute(statement)).one()
        return await self._run_of(as_company(row), now)

    async def _run_of(self, company: Company, now: datetime) -> int:
        return sum([await self._run(self._of_workspace(job, company, now)) for job in self.jobs])

    def _of_workspace(self, job: Job, company: Company, now: datetime) -> _Plan | None:
        at = latest_fire(job.cadence(company.zone), now)

        async def work(desk: Desk) -> Result:
            return await job.work(desk, company, await _last_finished(desk.session, company.id, job.name, at or now))

        return _Plan(company.id, job.name, at, now, work) if at else None

    def _of_installation(self, job: InstallationJob, now: datetime) -> _Plan | None:
        at = latest_fire(job.cadence, now)
        return _Plan(INSTALLATION, job.name, at, now, job.work) if at else None

    async def _run(self, plan: _Plan | None) -> bool:
        if plan is None or self._done.get((plan.workspace_id, plan.job)) == plan.at:
            return False
        try:
            async with transaction(self.sessions) as session:
                with correlated(None, workspace_id=str(plan.workspace_id), job=plan.job):
                    ran = await self._claim_and_work(session, plan)
        except Exception as error:
            if is_outside_fault(error):
                raise
            get_logger().error("job.failed", job=plan.job, workspace_id=str(plan.workspace_id), error=repr(error))
            async with transaction(self.sessions) as session:
                await _record_failure(session, plan, repr(error))
            return False
        if ran is not None:
            self._done[plan.workspace_id, plan.job] = plan.at
        return bool(ran)

    async def _claim_and_work(self, session: AsyncSession, plan: _Plan) -> bool | None:
        """Whether it was done here. None: somebody else is at it, or it failed a moment ago; to be looked at again."""
        if not await session.scalar(_ALONE, {"name": f"job {plan.workspace_id} {plan.job}"}):
            return None
        if not await _claim(session, plan):
            return None if await _has_failed(session, plan) else False
        result = await plan.work(Desk(session, self.letterhead, plan.now))
        row = await session.get_one(JobRun, (plan.workspace_id, plan.job, plan.at))
        row.result, row.finished_at = result, plan.now
        return True


def latest_fire(trigger: CronTrigger, now: datetime) -> datetime | None:
    """The last planned time that is not after `now`."""
    for span in _LOOK_BACK:
        fire: datetime | None = trigger.get_next_fire_time(None, now - span)
        found: datetime | None = None
        while fire is not None and fire <= now:
            found, fire = fire, trigger.get_next_fire_time(fire, fire + timedelta(microseconds=1))
        if found is not None:
            return found
    return None


async def _claim(session: AsyncSession, plan: _Plan) -> bool:
    parameters = {
        "workspace_id": plan.workspace_id,
        "job": plan.job,
        "scheduled_for": plan.at,
        "now": plan.now,
        "max_attempts": MAX_ATTEMPTS,
        "retry_after": RETRY_AFTER,
    }
    return await session.scalar(text(load_sql("services.scheduler", "sql/claim_job_run")), parameters) is not None


def _is(plan: _Plan) -> tuple[Any, ...]:
    return JobRun.workspace_id == plan.workspace_id, JobRun.job == plan.job, JobRun.scheduled_for == plan.at


async def _has_failed(session: AsyncSession, plan: _Plan) -> bool:
    failed = (JobRun.status == "failed", JobRun.attempts < MAX_ATTEMPTS)
    return await session.scalar(select(JobRun.job).where(*_is(plan), *failed)) is not None


async def _last_finished(session: AsyncSession, workspace_id: UUID, job: str, before: datetime) -> datetime | None:
    statement = select(func.max(JobRun.scheduled_for)).where(
        JobRun.workspace_id == workspace_id,
        JobRun.job == job,
        JobRun.status == "finished",
        JobRun.scheduled_for < before,
    )
    return await session.scalar(statement)


async def _record_failure(session: AsyncSession, plan: _Plan, error: str) -> None:
    """The claim was undone with the work; this row is what is left of it."""
    row = {
        "workspace_id": plan.workspace_id,
        "job": plan.job,
        "scheduled_for": plan.at,
        "status": "failed",
        "started_at": plan.now,
        "error": error[:2000],
    }
    changed = {"attempts": JobRun.attempts + 1, "status": "failed", "error": error[:2000], "started_at": plan.now}
    key = ("workspace_id", "job", "scheduled_for")
    await session.execute(insert(JobRun).values(row).on_conflict_do_update(index_elements=key, set_=changed))
