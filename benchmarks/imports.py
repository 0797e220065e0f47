"""A file of 100,000 customers against COPY of the same customers into the same indexed table."""

import asyncio
import time
from uuid import UUID

from benchmarks import people
from benchmarks.ratios import Ratio
from benchmarks.stage import CUSTOMERS, Stage

ENDED = {"completed", "failed", "cancelled"}


async def import_customers(stage: Stage) -> Ratio:
    other = await stage.database.fetchval(
        "insert into workspace (name, timezone, currency) values ('floor', 'Europe/Paris', 'EUR') returning id"
    )
    floor = [await _copy(stage, other, "A")]
    ours = CUSTOMERS / await _import(stage)
    floor.append(await _copy(stage, other, "B"))
    return Ratio(f"CSV import of {CUSTOMERS:,} customers vs COPY", ours, sum(floor) / len(floor), 0.3)


async def _copy(stage: Stage, workspace_id: UUID, prefix: str) -> float:
    records = list(people.rows(workspace_id, CUSTOMERS, prefix))
    started = time.perf_counter()
    await stage.database.copy_records_to_table("customer", records=records, columns=people.COLUMNS)
    return CUSTOMERS / (time.perf_counter() - started)


async def _import(stage: Stage) -> float:
    """Seconds from the upload to `completed`."""
    content = "\r\n".join(people.csv_lines(CUSTOMERS, "I")).encode()
    started = time.perf_counter()
    answer = stage.system.api.post(
        "/v1/imports", files={"file": ("clients.csv", content, "text/csv")}, data={"entity": "customers"}, timeout=60
    )
    answer.raise_for_status()
    while (job := stage.system.api.get(answer.headers["location"]).json())["status"] not in ENDED:
        await asyncio.sleep(0.1)
    if job["created"] != CUSTOMERS:
        raise RuntimeError(f"the import did not bring everybody: {job}")
    return time.perf_counter() - started
