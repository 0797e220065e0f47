"""`python -m services.segmenter`: runs until SIGTERM or SIGINT, finishes what it is at, and ends with code 0."""

import asyncio
import signal

import uvloop

from services.segmenter.app import run
from services.segmenter.loops import Signals
from shared.garbage import leave_what_is_loaded
from shared.logging import configure_logging
from shared.settings import Settings
from shared.telemetry import export_traces


async def _main() -> None:
    settings = Settings()
    configure_logging(settings.log_level, "segmenter")
    export_traces(settings, "segmenter")
    leave_what_is_loaded()
    signals = Signals()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signals.stopping.set)
    await run(settings, signals)


if __name__ == "__main__":
    uvloop.run(_main())
