"""The composition: connections, the consumer, the loops, the relay and the health endpoints of one process."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from nats.aio.client import Client

from services.scheduler.channels.capture import Capture
from services.scheduler.channels.smtp import Smtp, SmtpServer
from services.scheduler.consumers import NAME, scheduler_consumer
from services.scheduler.deliveries import Deliveries, give_up_expired
from services.scheduler.desk import Letterhead
from services.scheduler.due import DueSteps
from services.scheduler.health import checks
from services.scheduler.loops import Signals, run_loop
from services.scheduler.runs import JobRuns
from services.scheduler.virtual_time import VirtualTime
from shared.cancelling import end
from shared.db.engine import create_engine, create_pool, let_go
from shared.db.session import Sessions, create_sessions, transaction
from shared.health import serve_health
from shared.logging import get_logger
from shared.messaging import backlog, broker_with_stream, consume
from shared.outbox.lag import Lag
from shared.outbox.relay import run_relay
from shared.settings import Settings

APPLICATION: Final = "scheduler"
DELIVERY_WORKERS: Final = 3
STOP_WITHIN: Final = 30.0


async def run(settings: Settings, signals: Signals) -> None:
    """Work until `signals.stopping` is set; then finish the transactions that are under way. Survives every outage."""
    engine = create_engine(settings.sqlalchemy_url, application=APPLICATION, pool_size=2)
    pool = await create_pool(settings.database_url, application=APPLICATION, max_size=3)
    try:
        async with broker_with_stream(settings, NAME, signals.stopping) as client:
            if client is not None:
                await _Process(settings, signals, create_sessions(engine), pool, client).live()
    finally:
        await let_go(engine, pool)


@dataclass(frozen=True, slots=True)
class _Process:
    settings: Settings
    signals: Signals
    sessions: Sessions
    pool: asyncpg.Pool
    client: Client

    async def live(self) -> None:
        deliveries = [self._deliveries() for _ in range(DELIVERY_WORKERS)]
        interruptible = [asyncio.create_task(work) for work in self._endless()]
        loops = [asyncio.create_task(loop) for loop in self._loops(deliveries)]
        get_logger().info("scheduler.started")
        stopping = asyncio.create_task(self.signals.stopping.wait())
        await asyncio.wait([stopping, *interruptible, *loops], return_when=asyncio.FIRST_COMPLETED)
        await self._stop(interruptible, [stopping, *loops])
        for delivery in deliveries:
            await delivery.close()

    def _deliveries(self) -> Deliveries:
        url = self.settings.smtp_url
        outside = Smtp(SmtpServer.of_url(url)) if url else None
        return Deliveries(self.sessions, self.settings.mail_from, Capture(), outside)

    def _endless(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What may be cancelled at any moment: whatever it had not committed comes again."""
        settings = self.settings
        consumer = scheduler_consumer(Letterhead.of(settings), self.signals.something_happened)
        yield consume(self.client, self.sessions, consumer)
        yield run_relay(self.pool, self.client)
        asked = checks(self.sessions, self.client)
        lag = Lag(self.sessions, self.client)
        yield serve_health(settings.health_host, settings.health_port, asked, lag.measure)

    def _loops(self, deliveries: list[Deliveries]) -> Iterator[Coroutine[Any, Any, None]]:
        signals, steps = self.signals, DueSteps(self.sessions, Letterhead.of(self.settings))

        async def take_due_steps() -> bool:
            found = await steps.run_batch()
            if found:
                signals.queued.set()
            return found > 0

        async def sweep_leases() -> bool:
            async with transaction(self.sessions) as session:
                return await give_up_expired(session) > 0

        runs = JobRuns(self.sessions, Letterhead.of(self.settings))

        async def run_jobs() -> bool:
            if await runs.run_due():
                signals.something_happened()
            return False

        clock = VirtualTime(self.sessions, steps, runs, self._deliveries(), self._has_events)
        yield run_loop("jobs", run_jobs, signals, idle=2.0)
        yield run_loop("test clocks", clock.advance_all, signals)
        yield run_loop("due steps", take_due_steps, signals, hurry=signals.due)
        for number, delivery in enumerate(deliveries):
            yield run_loop(f"deliveries {number}", delivery.deliver_next, signals, hurry=signals.queued)
        yield run_loop("leases", sweep_leases, signals, idle=5.0)

    async def _has_events(self) -> bool:
        """Whether the broker still has events for the segmenter or for us."""
        counts = [await backlog(self.client.jetstream(), name) for name in ("segmenter", NAME)]
        return any(counts)

    async def _stop(self, interruptible: list[asyncio.Task[None]], loops: list[asyncio.Task[Any]]) -> None:
        self.signals.stopping.set()
        failures, _ = await asyncio.gather(end(interruptible), asyncio.wait(loops, timeout=STOP_WITHIN))
        get_logger().info("scheduler.stopped", failures=[repr(failure) for failure in failures])
        if failures:
            raise failures[0]
