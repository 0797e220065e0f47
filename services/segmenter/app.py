"""The composition: connections, the consumer, the loops, the relay and the health endpoints of one process."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from nats.aio.client import Client

from services.segmenter.connection import APPLICATION
from services.segmenter.consumers import consumer
from services.segmenter.health import checks
from services.segmenter.loops import Caretaker, Drain, Ranker, Signals, run_loop
from shared.cancelling import end
from shared.db.engine import create_engine, create_pool, let_go
from shared.db.session import Sessions, create_sessions
from shared.health import serve_health
from shared.logging import get_logger
from shared.messaging import broker_with_stream, consume
from shared.outbox.lag import Lag
from shared.outbox.relay import run_relay
from shared.settings import Settings

_STOP_WITHIN = 20.0


async def run(settings: Settings, signals: Signals) -> None:
    """Work until `signals.stopping` is set; then finish the transactions that are under way. Survives every outage."""
    engine = create_engine(settings.sqlalchemy_url, application=APPLICATION, pool_size=2)
    pool = await create_pool(settings.database_url, application=APPLICATION, max_size=2)
    try:
        async with broker_with_stream(settings, APPLICATION, signals.stopping) as client:
            if client is not None:
                await _work(settings, signals, create_sessions(engine), client, run_relay(pool, client))
    finally:
        await let_go(engine, pool)


async def _work(
    settings: Settings, signals: Signals, sessions: Sessions, client: Client, relay: Coroutine[Any, Any, None]
) -> None:
    interruptible = [
        asyncio.create_task(consume(client, sessions, consumer(signals.marked)), name="consumer"),
        asyncio.create_task(relay, name="relay"),
        asyncio.create_task(
            serve_health(
                settings.health_host, settings.health_port, checks(sessions, client), Lag(sessions, client).measure
            ),
            name="health",
        ),
    ]
    loops = [asyncio.create_task(loop) for loop in _loops(settings.database_url, signals)]
    get_logger().info("segmenter.started")
    stopping = asyncio.create_task(signals.stopping.wait())
    await asyncio.wait([stopping, *interruptible, *loops], return_when=asyncio.FIRST_COMPLETED)
    await _stop(signals, interruptible, [stopping, *loops])


def _loops(url: str, signals: Signals) -> list[Coroutine[Any, Any, None]]:
    return [
        run_loop(url, "drain", Drain(signals).step, signals, hurry=signals.customers, by_key=True),
        run_loop(url, "segments and days", Caretaker(signals).step, signals, hurry=signals.segments),
        run_loop(url, "ranking", Ranker(signals).step, signals, hurry=signals.ranking, by_key=True),
    ]


async def _stop(signals: Signals, interruptible: list[asyncio.Task[Any]], loops: list[asyncio.Task[Any]]) -> None:
    """Loops end between two transactions. The others are cancelled: what they had not committed comes again."""
    signals.stopping.set()
    failures, _ = await asyncio.gather(end(interruptible), asyncio.wait(loops, timeout=_STOP_WITHIN))
    get_logger().info("segmenter.stopped", failures=[repr(failure) for failure in failures])
    if failures:
        raise failures[0]
