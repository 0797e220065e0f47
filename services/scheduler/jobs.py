"""The periodic jobs: name, cadence, function. Each runs once per planned time, whatever number of processes there is.

Cadences are read on the wall clock of the workspace (APScheduler's triggers, nothing else of it). Weekdays are named,
never numbered; nothing is planned between 1 and 4 o'clock, where clocks change. Only the latest planned time is run:
what downtime left undone is each job's own business, which is told when it last finished.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from services.scheduler.alerts import watch_periods
from services.scheduler.desk import Desk
from services.scheduler.housekeeping import forget_answers, forget_import_chunks
from services.scheduler.partitions import create_partitions
from services.scheduler.reminders import Scope, remind
from services.scheduler.workspaces import Company

Result = dict[str, Any]
Work = Callable[[Desk, Company, datetime | None], Awaitable[Result]]
Chore = Callable[[Desk], Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class Job:
    """`work` gets the planned time of its last finished run, or None before the first. It is safe to repeat."""

    name: str
    cadence: Callable[[ZoneInfo], CronTrigger]
    work: Work


@dataclass(frozen=True, slots=True)
class InstallationJob:
    """The same for what belongs to no workspace; its cadence is in UTC."""

    name: str
    cadence: CronTrigger
    work: Chore


async def send_reminders(desk: Desk, company: Company, last_finished: datetime | None) -> Result:
    """Every hour, because the day begins at another hour for customers of other time zones."""
    return {"reminders": await remind(desk, company, Scope(since=last_finished))}


async def watch_kpis(desk: Desk, company: Company, last_finished: datetime | None) -> Result:  # noqa: ARG001
    return {"alerts_changed": await watch_periods(desk, company)}


def hourly(minute: int) -> Callable[[ZoneInfo], CronTrigger]:
    return lambda zone: CronTrigger(minute=minute, timezone=zone)


JOBS: Final = (
    Job("reminders", hourly(0), send_reminders),
    Job("kpi_alerts", hourly(10), watch_kpis),
)

INSTALLATION_JOBS: Final = (
    InstallationJob("partitions", CronTrigger(hour=0, minute=20, timezone="UTC"), create_partitions),
    InstallationJob("forget_answers", CronTrigger(minute=40, timezone="UTC"), forget_answers),
    InstallationJob("forget_import_chunks", CronTrigger(hour=4, minute=30, timezone="UTC"), forget_import_chunks),
)
