"""From a commit to what the segmenter makes of it: at a steady rate, and after a backlog."""

import asyncio
import os
import signal
import time
from uuid import UUID

import nats
import orjson

from benchmarks.stage import Stage
from benchmarks.steady import RATE, SECONDS, effects_of
from benchmarks.wire import load, request
from shared.messaging import backlog

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
            " or exists (select from ranking_progress where behind)"
        )
        if not waiting and not await backlog(client.jetstream(), "segmenter"):
            break
        await asyncio.sleep(0.02)
    await client.close()


async def at_a_steady_rate(stage: Stage) -> str:
    """`RATE` events a second, each of another customer; the effect is its figure and its membership of a segment."""
    segment_id = _segment(stage)
    await settle(stage)

    def make(customer: UUID) -> bytes:
        body = orjson.dumps({"customer_id": str(customer), "kind": "social"})
        return request("POST", "/v1/interactions", stage.headers, body)

    found = await effects_of(stage, stage.customers[-RATE * SECONDS :], make, _EFFECT, UUID(segment_id))
    return (
        f"commit → figures and membership at {found.rate:.0f} events/s    p50 {found.p50 * 1000:.0f} ms (wanted ≤ 50),"
        f" p99 {found.p99 * 1000:.0f} ms (wanted ≤ 500), max {found.longest * 1000:.0f} ms"
    )


def _segment(stage: Stage) -> str:
    rule = {"combinator": "and", "rules": [{"field": "scores.engagement.social", "operator": ">=", "value": 1}]}
    answer = stage.system.api.post("/v1/segments", json={"name": "Présents", "rule": rule})
    answer.raise_for_status()
    return str(answer.json()["id"])


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
