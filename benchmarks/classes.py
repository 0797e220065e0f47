"""From a sale to the class that it gives, where every customer is ranked."""

import asyncio
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from benchmarks.freshness import RATE, SECONDS, settle, watch
from benchmarks.stage import Stage
from benchmarks.wire import request

CONNECTIONS = 4
SALES_OF_EACH = 2
# Whoever buys today is among the most recent fifth, as long as fewer than a fifth of all do.
_EFFECT = """
select customer_id from customer_scores where workspace_id = $1 and customer_id = any ($2::uuid[]) and rfm_r = 5
"""
_CUSTOMERS = "select id from customer where workspace_id = $1 and deleted_at is null"
_EVERYBODY = "insert into stale_customer (workspace_id, customer_id, priority) select $1, unnest($2::uuid[]), 2"


async def at_a_steady_rate(stage: Stage) -> str:
    """`RATE` sales a second, each to another customer; the effect is the customer's class of recency."""
    customers = await _sell_to_everybody(stage)
    pending: dict[UUID, float] = {}
    delays: list[float] = []
    watching = asyncio.create_task(watch(stage, pending, delays, _EFFECT))
    started = time.perf_counter()
    sellers = (_sell(stage, customers[: RATE * SECONDS], number, started, pending) for number in range(CONNECTIONS))
    await asyncio.gather(*sellers)
    rate = RATE * SECONDS / (time.perf_counter() - started)
    while pending:
        await asyncio.sleep(0.05)
    watching.cancel()
    ordered = sorted(delays)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    return (
        f"commit → relative classes at {rate:.0f} sales/s           p50 {p50:.2f} s, p99 {p99:.2f} s,"
        f" max {ordered[-1]:.2f} s (wanted ≤ 2) among {len(customers):,} ranked customers"
    )


async def _sell_to_everybody(stage: Stage) -> list[UUID]:
    """Old sales, ranked by the system itself. Returns the customers in random order."""
    chance = random.Random(1)
    customers = [row["id"] for row in await stage.database.fetch(_CUSTOMERS, stage.workspace_id)]
    now = datetime.now(UTC)
    records = [
        (stage.workspace_id, customer, "sale", now - timedelta(days=chance.randint(200, 700)),
         round(chance.lognormvariate(4, 1), 2), "EUR")
        for customer in customers
        for _ in range(SALES_OF_EACH)
    ]  # fmt: skip
    columns = ["workspace_id", "customer_id", "kind", "occurred_at", "amount", "currency"]
    await stage.database.copy_records_to_table("transaction", columns=columns, records=records)
    await stage.database.execute("vacuum analyze transaction")
    await stage.database.execute(_EVERYBODY, stage.workspace_id, customers)
    await settle(stage)
    chance.shuffle(customers)
    return customers


async def _sell(stage: Stage, customers: list[UUID], number: int, started: float, pending: dict[UUID, float]) -> None:
    """Every `CONNECTIONS`-th sale, at its time or as soon as the one before it was answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    for turn in range(number, len(customers), CONNECTIONS):
        await asyncio.sleep(max(0.0, started + turn / RATE - time.perf_counter()))
        sale = {"customer_id": str(customers[turn]), "kind": "sale", "amount": "59.90"}
        writer.write(request("POST", "/v1/transactions", stage.headers, orjson.dumps(sale)))
        head = await reader.readuntil(b"\r\n\r\n")
        pending[customers[turn]] = time.perf_counter()
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    writer.close()
