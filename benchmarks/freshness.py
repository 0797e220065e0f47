"""From a commit to what the segmenter makes of it: at a steady rate, and after a backlog."""

import asyncio
import os
import signal
import statistics
import time
from uuid import UUID

import nats
import orjson

from benchmarks.stage import Stage
from benchmarks.wire import load, request
from shared.messaging import backlog

RATE = 100
SECONDS = 20
BACKLOG = 50_000
_EFFECT = """
select m.customer_id from customer_metrics m
  join segment_membership s on s.workspace_id = m.workspace_id and s.customer_id = m.customer_id and s.segment_id = $3
 where m.workspace_id = $1 and m.customer_id = any ($2::uuid[]) and m.social >= 1
"""


async def settle(stage: Stage) -> None:
    """Wait until there is nothing to publish, to handle or to recompute."""
    client = await nats.connect(stage.system.run["nats_url"])
    while True:
        waiting = await stage.database.fetchval(
            "select exists (select from outbox) or exists (select from stale_customer)"
            " or exists (select from stale_ranking) or exists (select from ranking_state where unfinished)"
        )
        if not waiting and not await backlog(client.jetstream(), "segmenter"):
            break
        await asyncio.sleep(0.02)
    await client.close()


async def at_a_steady_rate(stage: Stage) -> str:
    """`RATE` events a second, each of another customer; the effect is its figure and its membership of a segment."""
    segment_id = _segment(stage)
    await settle(stage)
    pending: dict[UUID, float] = {}
    delays: list[float] = []
    watching = asyncio.create_task(watch(stage, pending, delays, _EFFECT, UUID(segment_id)))
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    started = time.perf_counter()
    for number in range(RATE * SECONDS):
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        customer = stage.customers[-1 - number]
        body = orjson.dumps({"customer_id": str(customer), "kind": "social"})
        writer.write(request("POST", "/v1/interactions", stage.headers, body))
        head = await reader.readuntil(b"\r\n\r\n")
        pending[customer] = time.perf_counter()
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    while pending:
        await asyncio.sleep(0.05)
    watching.cancel()
    ordered = sorted(delays)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    return (
        f"commit → figures and membership at {RATE} events/s    p50 {p50 * 1000:.0f} ms (wanted ≤ 50),"
        f" p99 {p99 * 1000:.0f} ms (wanted ≤ 500), max {ordered[-1] * 1000:.0f} ms"
    )


def _segment(stage: Stage) -> str:
    rule = {"combinator": "and", "rules": [{"field": "scores.engagement.social", "operator": ">=", "value": 1}]}
    answer = stage.system.api.post("/v1/segments", json={"name": "Présents", "rule": rule})
    answer.raise_for_status()
    return str(answer.json()["id"])


async def watch(
    stage: Stage, pending: dict[UUID, float], delays: list[float], effect: str, *parameters: object
) -> None:
    """Ask again and again who shows the effect: its statement takes the workspace and the customers, and names them."""
    while True:
        seen = await stage.database.fetch(effect, stage.workspace_id, list(pending), *parameters)
        now = time.perf_counter()
        delays.extend(now - pending.pop(row["customer_id"]) for row in seen)
        await asyncio.sleep(0.002)


async def after_a_backlog(stage: Stage) -> str:
    """The workers stand still while `BACKLOG` events are written; then the time until all effects are there.

    Twice: of customers who never had a figure and now enter their first segments, and of customers who are known.
    """
    first, again = await _drained(stage), await _drained(stage)
    return (
        f"a backlog of {BACKLOG:,} events drained at             {again:,.0f} events/s (wanted ≥ 3,000);"
        f" {first:,.0f} where they are the customers' first"
    )


async def _drained(stage: Stage) -> float:
    await settle(stage)
    workers = [stage.system.pid(name) for name in ("segmenter", "scheduler")]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    bodies = [_calls(stage, number) for number in range(BACKLOG // 1000)]
    await load(stage.port, lambda number: bodies[number], requests=len(bodies), connections=2)
    started = time.perf_counter()
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    await settle(stage)
    return BACKLOG / (time.perf_counter() - started)


def _calls(stage: Stage, number: int) -> bytes:
    count = len(stage.customers)
    items = [
        {"customer_id": str(stage.customers[(number * 1000 + row) % count]), "kind": "call"} for row in range(1000)
    ]
    return request("POST", "/v1/interactions/batch", stage.headers, orjson.dumps({"items": items}))
