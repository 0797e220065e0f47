"""One request at a time: recording an interaction, reading a customer, recording a batch."""

import time
from datetime import UTC, datetime

import orjson

from benchmarks.ratios import Ratio, compare
from benchmarks.stage import Stage
from benchmarks.wire import load, request
from shared.domain.ids import uuid7

REQUESTS = 2000
BATCH = 1000
BATCHES = 10
OCCURRED = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def record_interaction(stage: Stage) -> Ratio:
    def make(number: int) -> bytes:
        body = {"customer_id": stage.customers[number % len(stage.customers)], "kind": "call", "direction": "inbound",
                "subject": "Appel du client", "duration_seconds": 120}  # fmt: skip
        return request("POST", "/v1/interactions", stage.headers, orjson.dumps(body, default=str))

    return await _against_floor("POST /v1/interactions", stage, make)


async def read_customer(stage: Stage) -> Ratio:
    def make(number: int) -> bytes:
        return request("GET", f"/v1/customers/{stage.customers[number % len(stage.customers)]}", stage.headers)

    return await _against_floor("GET /v1/customers/{id}", stage, make)


async def _against_floor(name: str, stage: Stage, make: "object") -> Ratio:
    async def at(port: int) -> float:
        measured = await load(port, make, requests=REQUESTS)  # type: ignore[arg-type]
        if measured.failed:
            raise RuntimeError(f"{measured.failed} of {measured.requests} requests failed")
        return measured.per_second

    return await compare(name, lambda _: at(stage.port), lambda _: at(stage.floor_port), wanted=0.6)


async def record_batch(stage: Stage) -> Ratio:
    """1,000 rows a request against COPY of the same rows into the same indexed table."""

    async def ours(_: int) -> float:
        bodies = [_batch(stage, number) for number in range(BATCHES)]
        measured = await load(stage.port, lambda number: bodies[number], requests=BATCHES, connections=2)
        if measured.failed:
            raise RuntimeError("a batch failed")
        return BATCH * measured.per_second

    async def floor(_: int) -> float:
        records = [
            (stage.workspace_id, stage.customers[number], str(uuid7()), "call", "inbound", OCCURRED, 120, "Appel", "{}")
            for number in range(BATCH * BATCHES)
        ]
        columns = ["workspace_id", "customer_id", "external_id", "kind", "direction", "occurred_at", "duration_seconds",
                   "subject", "metadata"]  # fmt: skip
        started = time.perf_counter()
        await stage.database.copy_records_to_table("interaction", records=records, columns=columns)
        return len(records) / (time.perf_counter() - started)

    return await compare("POST /v1/interactions/batch, 1,000 rows, vs COPY", ours, floor, wanted=0.4)


def _batch(stage: Stage, number: int) -> bytes:
    items = [
        {"customer_id": stage.customers[number * BATCH + row], "external_id": str(uuid7()), "kind": "call",
         "direction": "inbound", "occurred_at": OCCURRED, "duration_seconds": 120, "subject": "Appel"}
        for row in range(BATCH)
    ]  # fmt: skip
    return request("POST", "/v1/interactions/batch", stage.headers, orjson.dumps({"items": items}, default=str))
