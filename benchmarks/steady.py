"""Requests at a steady rate, and how long each takes to show its effect."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from benchmarks.stage import Stage
from benchmarks.wire import answered

RATE = 100
SECONDS = 20
CONNECTIONS = 4


@dataclass(frozen=True)
class Delays:
    """Requests a second that were really sent, and seconds from their answers to their effects."""

    rate: float
    p50: float
    p99: float
    longest: float


async def effects_of(
    stage: Stage, customers: Sequence[UUID], make: Callable[[UUID], bytes], effect: str, *parameters: object
) -> Delays:
    """One request a customer, `RATE` a second. `effect` takes workspace and customers, and names those who show it."""
    pending: dict[UUID, float] = {}
    delays: list[float] = []
    watching = asyncio.create_task(_watch(stage, pending, delays, effect, *parameters))
    started = time.perf_counter()

    async def send(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        for turn in range(first, len(customers), CONNECTIONS):
            await asyncio.sleep(max(0.0, started + turn / RATE - time.perf_counter()))
            writer.write(make(customers[turn]))
            if not await answered(reader):
                raise RuntimeError("a request failed")
            pending[customers[turn]] = time.perf_counter()
        writer.close()

    await asyncio.gather(*(send(first) for first in range(CONNECTIONS)))
    rate = len(customers) / (time.perf_counter() - started)
    while pending:
        await asyncio.sleep(0.05)
    watching.cancel()
    ordered = sorted(delays)
    return Delays(rate, statistics.median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1])


async def _watch(
    stage: Stage, pending: dict[UUID, float], delays: list[float], effect: str, *parameters: object
) -> None:
    while True:
        seen = await stage.database.fetch(effect, stage.workspace_id, list(pending), *parameters)
        now = time.perf_counter()
        delays.extend(now - pending.pop(row["customer_id"]) for row in seen)
        await asyncio.sleep(0.002)
