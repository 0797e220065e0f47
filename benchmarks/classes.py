"""From a sale to the class that it gives, where every customer is ranked."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from benchmarks.freshness import settle
from benchmarks.stage import Stage
from benchmarks.steady import RATE, SECONDS, effects_of
from benchmarks.wire import request

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

    def make(customer: UUID) -> bytes:
        sale = {"customer_id": str(customer), "kind": "sale", "amount": "59.90"}
        return request("POST", "/v1/transactions", stage.headers, orjson.dumps(sale))

    found = await effects_of(stage, customers[: RATE * SECONDS], make, _EFFECT)
    return (
        f"commit → relative classes at {found.rate:.0f} sales/s           p50 {found.p50:.2f} s, p99 {found.p99:.2f} s,"
        f" max {found.longest:.2f} s (wanted ≤ 2) among {len(customers):,} ranked customers"
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
