"""The import worker: claims imports and runs them, one at a time. Any number of workers may run side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Final

import asyncpg

from services.api.imports.jobs import Job, LeaseLost, claim, release, renew
from shared.health import Check
from shared.logging import get_logger
from shared.telemetry import correlated

APPLICATION: Final = "imports"
IDLE_SECONDS: Final = 1.0
BUSY_SECONDS: Final = 0.25
STAYS_BUSY: Final = 20
"""How many polls after an import the next one is expected soon: they seldom come alone."""

LEASE: Final = timedelta(seconds=10)
_WAITING: Final = "select count(*) from import where status in ('received', 'parsing', 'merging')"
_SETTINGS: Final = {"application_name": APPLICATION, "timezone": "UTC", "jit": "off"}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the owner: imports of all workspaces are looked for. Without a codec for jsonb, which COPY
    could not use."""
    connection = await asyncpg.connect(
        url, timeout=5, command_timeout=300, max_cacheable_statement_size=0, server_settings=_SETTINGS
    )
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


class Worker:
    """Works until `stopping` is set, and outlives every outage."""

    def __init__(
        self,
        url: str,
        stopping: asyncio.Event,
        *,
        folder: str | None,
        rows_at_once: int | None,
        lease: timedelta = LEASE,
    ) -> None:
        self._url = url
        self._stopping = stopping
        self._folder = folder
        self._rows_at_once = rows_at_once
        self._lease = lease
        self._connection: asyncpg.Connection | None = None

    def checks(self) -> dict[str, Check]:
        """The checks of `/health/ready`."""

        async def database() -> dict[str, Any]:
            async with connected(self._url) as connection:
                return {"waiting_imports": await connection.fetchval(_WAITING)}

        return {"database": database}

    async def work(self) -> None:
        while not self._stopping.is_set():
            try:
                async with connected(self._url) as connection:
                    await self._serve(connection)
            except Exception as error:  # noqa: BLE001  Whatever was begun is undone, and is begun again.
                get_logger().warning("imports.interrupted", error=repr(error))
                await self._rest(0.5)

    async def _serve(self, connection: asyncpg.Connection) -> None:
        polls_since = STAYS_BUSY
        while not self._stopping.is_set():
            job = await claim(connection, self._lease)
            if job is not None:
                await self._run(connection, job)
                polls_since = 0
                continue
            polls_since += 1
            await self._rest(BUSY_SECONDS if polls_since < STAYS_BUSY else IDLE_SECONDS)

    async def _run(self, connection: asyncpg.Connection, job: Job) -> None:
        """Run an import as long as its lease is held and nobody asks to stop; then let go of it."""
        from services.api.imports.running import Pace, run_import  # noqa: PLC0415  An idle worker needs none of it.

        pace = Pace(folder=self._folder) if self._rows_at_once is None else Pace(self._rows_at_once, self._folder)
        with correlated(job.correlation_id, import_id=str(job.id)):
            running = asyncio.create_task(run_import(connection, job, pace))
            others = [asyncio.create_task(self._keep(job)), asyncio.create_task(self._stopping.wait())]
            await asyncio.wait([running, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in (running, *others):
                task.cancel()
            failures = await asyncio.gather(running, *others, return_exceptions=True)
            await self._let_go(connection, job, [each for each in failures if isinstance(each, Exception)])

    async def _keep(self, job: Job) -> None:
        """Renew the lease, on a connection of its own: the other one may be busy for as long as a slice takes."""
        async with connected(self._url) as connection:
            while True:
                await asyncio.sleep(self._lease.total_seconds() / 3)
                await renew(connection, job, self._lease)

    async def _let_go(self, connection: asyncpg.Connection, job: Job, failures: list[Exception]) -> None:
        """Without effect if the import has ended. One that failed waits longer each time."""
        if any(isinstance(failure, LeaseLost) for failure in failures):
            get_logger().info("import.left")
            return
        if failures:
            get_logger().warning("import.interrupted", attempts=job.attempts, exc_info=failures[0])
        wait = timedelta(seconds=2**job.attempts / 2 if failures else 0)
        await release(connection, job, wait=wait, failed=bool(failures))

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
