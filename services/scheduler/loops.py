"""The loops of the scheduler. Each takes steps as long as there is something to do, rests longer and longer, and
outlives every outage. A step commits its own transactions, so a loop stops between two of them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from shared.logging import get_logger

SHORTEST_REST, LONGEST_REST = 0.1, 0.5
AFTER_FAULT = 0.5

Step = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Signals:
    """How one process is told that there is work, and that it is time to stop."""

    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    due: asyncio.Event = field(default_factory=asyncio.Event)
    queued: asyncio.Event = field(default_factory=asyncio.Event)

    def something_happened(self) -> None:
        self.due.set()
        self.queued.set()


async def run_loop(
    name: str, step: Step, signals: Signals, *, hurry: asyncio.Event | None = None, idle: float = LONGEST_REST
) -> None:
    """Take steps until told to stop. A step returns whether there may be more to do at once."""
    hurry = hurry or asyncio.Event()
    pause = SHORTEST_REST
    while not signals.stopping.is_set():
        hurry.clear()
        try:
            busy = await step()
        except Exception as error:  # noqa: BLE001  Whatever was begun is rolled back, and is begun again.
            get_logger().warning("loop.interrupted", loop=name, error=repr(error))
            await rest(AFTER_FAULT, signals.stopping)
            continue
        if busy:
            pause = SHORTEST_REST
            continue
        hurried = await rest(pause, signals.stopping, hurry)
        pause = SHORTEST_REST if hurried else min(2 * pause, idle)


async def rest(seconds: float, *ends: asyncio.Event) -> bool:
    """Until one of the events is set or the time is over; returns whether one was."""
    waits = [asyncio.ensure_future(event.wait()) for event in ends]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return bool(done)
