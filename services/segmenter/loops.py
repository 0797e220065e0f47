"""The loops of the segmenter: each has a connection, does one piece of work a transaction, and outlives every outage.

A loop is told to hurry by an `asyncio.Event` where this process knows that there is work, and looks by itself often
enough for what other replicas left. It stops between two transactions.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import asyncpg

from services.segmenter.connection import connected
from services.segmenter.day import begin_day, workspaces_of_yesterday
from services.segmenter.ranking import rank_workspace, workspaces_behind
from services.segmenter.recompute import recompute
from services.segmenter.segments import refresh_next_segment
from services.segmenter.staleness import Claim, claim, claim_customer, measure, postpone
from shared.logging import get_logger

IDLE_SECONDS = 0.25
DAY_SECONDS = 1.0
URGENT_AT_ONCE = 500
OTHERS_AT_ONCE = 300
FULL_OUTBOX = 2000
RETRY_AFTER = timedelta(seconds=60)
BETWEEN_RANKINGS = 0.15
LONGEST_REST = 5.0
_MEASURE_EVERY = 2.0

Step = Callable[[asyncpg.Connection], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Signals:
    """How the loops of one process tell one another that there is work, and that it is time to stop."""

    customers: asyncio.Event = field(default_factory=asyncio.Event)
    segments: asyncio.Event = field(default_factory=asyncio.Event)
    ranking: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def marked(self) -> None:
        self.customers.set()
        self.segments.set()


async def run_loop(
    url: str,
    name: str,
    step: Step,
    signals: Signals,
    *,
    hurry: asyncio.Event,
    by_key: bool = False,
) -> None:
    """Take steps until told to stop; rest when a step finds nothing to do. Lost connections are made again."""
    while not signals.stopping.is_set():
        try:
            async with connected(url, by_key=by_key) as connection:
                await _take_steps(connection, step, signals, hurry)
        except Exception as error:  # noqa: BLE001  Whatever was begun is rolled back, and is begun again.
            get_logger().warning("loop.interrupted", loop=name, error=repr(error))
            await _rest(signals.stopping, asyncio.Event(), 0.5)


async def _take_steps(connection: asyncpg.Connection, step: Step, signals: Signals, hurry: asyncio.Event) -> None:
    while not signals.stopping.is_set():
        hurry.clear()
        if not await step(connection):
            await _rest(signals.stopping, hurry, IDLE_SECONDS)


async def _rest(stopping: asyncio.Event, hurry: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (stopping, hurry)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


class Drain:
    """Recomputes stale customers, a set of one workspace at a time."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._measured_at = 0.0

    async def step(self, connection: asyncpg.Connection) -> bool:
        await self._measure(connection)
        taken: Claim | None = None
        try:
            async with connection.transaction():
                taken = await claim(connection, URGENT_AT_ONCE, OTHERS_AT_ONCE, FULL_OUTBOX)
                if taken is None:
                    return False
                summary = await recompute(connection, taken)
        except Exception as error:
            if taken is None or not _is_about_the_data(error, connection):
                raise
            await self._find_the_culprits(connection, taken, error)
            return True
        if summary.ranking_changed:
            self._signals.ranking.set()
        return True

    async def _find_the_culprits(self, connection: asyncpg.Connection, taken: Claim, error: Exception) -> None:
        """One by one: whoever cannot be computed is tried again later, and holds up nobody meanwhile."""
        get_logger().error("recompute.failed", customers=len(taken.customers), error=repr(error))
        for customer, correlation in zip(taken.customers, taken.correlations, strict=True):
            alone = Claim(taken.workspace_id, [customer], [correlation])
            try:
                async with connection.transaction():
                    if await claim_customer(connection, alone.workspace_id, customer):
                        await recompute(connection, alone)
            except Exception as again:
                if not _is_about_the_data(again, connection):
                    raise
                await postpone(connection, alone, RETRY_AFTER)

    async def _measure(self, connection: asyncpg.Connection) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._measured_at > _MEASURE_EVERY:
            self._measured_at = now
            await measure(connection)


def _is_about_the_data(error: Exception, connection: asyncpg.Connection) -> bool:
    """Not an outage and not a collision with another transaction: those pass by themselves."""
    passing = (asyncpg.TransactionRollbackError, asyncpg.OperatorInterventionError, OSError, TimeoutError)
    return not connection.is_closed() and not isinstance(error, passing)


class Caretaker:
    """What is seldom to do: the members of changed segments, and the days that begin. One connection is enough."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._looked_at = 0.0

    async def step(self, connection: asyncpg.Connection) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at > DAY_SECONDS:
            self._looked_at = now
            await begin_days(connection, self._signals)
        return await refresh_segments(connection)


async def refresh_segments(connection: asyncpg.Connection) -> bool:
    """Find the members of one changed segment; whether there was one."""
    async with connection.transaction():
        refreshed = await refresh_next_segment(connection)
    if refreshed is not None:
        get_logger().info("segment.refreshed", segment_id=refreshed.segment_id, changed=refreshed.changed)
    return refreshed is not None


class Ranker:
    """Ranks the workspaces whose inputs changed, and lets what keeps changing gather in between."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._failed: dict[UUID, float] = {}

    async def step(self, connection: asyncpg.Connection) -> bool:
        """One run a workspace, then a rest, half as long as the runs took."""
        now = asyncio.get_running_loop().time()
        behind = [one for one in await workspaces_behind(connection, FULL_OUTBOX) if self._failed.get(one, 0) <= now]
        rests = [await self._try_to_rank(connection, workspace_id) for workspace_id in behind]
        if behind:
            await _rest(self._signals.stopping, asyncio.Event(), max(BETWEEN_RANKINGS, *rests))
        return bool(behind)

    async def _try_to_rank(self, connection: asyncpg.Connection, workspace_id: UUID) -> float:
        """A workspace that cannot be ranked is tried again later, and holds up nobody meanwhile."""
        try:
            return await self._rank(connection, workspace_id)
        except Exception as error:
            if not _is_about_the_data(error, connection):
                raise
            get_logger().error("ranking.failed", workspace_id=workspace_id, error=repr(error))
            self._failed[workspace_id] = asyncio.get_running_loop().time() + RETRY_AFTER.total_seconds()
            return 0

    async def _rank(self, connection: asyncpg.Connection, workspace_id: UUID) -> float:
        clock = asyncio.get_running_loop()
        started = clock.time()
        async with connection.transaction():
            ranked = await rank_workspace(connection, workspace_id)
        seconds = clock.time() - started
        if ranked is None:
            return 0
        get_logger().info(
            "workspace.ranked",
            workspace_id=workspace_id,
            population=ranked.population,
            everybody=ranked.everybody,
            reclassified=ranked.reclassified,
            seconds=round(seconds, 3),
        )
        if ranked.reclassified:
            self._signals.customers.set()
        return min(LONGEST_REST, seconds / 2)


async def begin_days(connection: asyncpg.Connection, signals: Signals) -> None:
    """The watch on midnights: begins every day there is to begin."""
    for workspace_id in await workspaces_of_yesterday(connection):
        with suppress(asyncpg.DeadlockDetectedError):
            async with connection.transaction():
                marked = await begin_day(connection, workspace_id)
            get_logger().info("day.begun", workspace_id=workspace_id, marked=marked)
        signals.marked()
        signals.ranking.set()
