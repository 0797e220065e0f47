"""`python -m services.api.imports`: the import worker. SIGTERM undoes the slice under way, and ends it with code 0."""

import argparse
import asyncio
import signal
from datetime import timedelta

import uvloop

from services.api.imports.worker import LEASE, Worker
from shared.health import serve_health
from shared.logging import configure_logging, get_logger
from shared.settings import Settings
from shared.telemetry import export_traces


async def _main(rows_at_once: int | None, lease: timedelta) -> None:
    settings = Settings()
    configure_logging(settings.log_level, "imports")
    export_traces(settings, "imports")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    worker = Worker(settings.database_url, stopping, folder=settings.import_dir, rows_at_once=rows_at_once, lease=lease)
    health = asyncio.create_task(serve_health(settings.health_host, settings.health_port, worker.checks()))
    get_logger().info("imports.started")
    working = asyncio.create_task(worker.work())
    await asyncio.wait([health, working], return_when=asyncio.FIRST_COMPLETED)
    stopping.set()
    health.cancel()
    ended = await asyncio.gather(health, working, return_exceptions=True)
    if failures := [result for result in ended if isinstance(result, Exception)]:
        raise failures[0]
    get_logger().info("imports.stopped")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m services.api.imports", description="The import worker.")
    parser.add_argument("--rows-at-once", type=int, help="lines of a slice; fewer make smaller transactions")
    parser.add_argument(
        "--lease", type=float, default=LEASE.total_seconds(), help="seconds until a dead worker's import is taken over"
    )
    options = parser.parse_args()
    uvloop.run(_main(options.rows_at_once, timedelta(seconds=options.lease)))
