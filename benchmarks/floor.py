"""The floor: the least code that FastAPI and asyncpg need for the same statements (`python -m benchmarks.floor`)."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from services.api.customers.hot import SELECT
from shared.db.sql import load_sql

RECORD = load_sql("services.api.interactions", "sql/record_interaction")
WORKSPACE = UUID(os.environ["BENCH_WORKSPACE"])


class NewInteraction(BaseModel):
    """The fields of the product's endpoint."""

    customer_id: UUID
    external_id: str | None = None
    kind: str
    direction: str | None = None
    occurred_at: datetime | None = None
    duration_seconds: int | None = None
    subject: str | None = None
    body: str | None = None
    message_id: str | None = None
    cost: Decimal | None = None
    metadata: dict[str, Any] = {}


async def _json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads, schema="pg_catalog"
    )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["PORTEFEUILLE_DATABASE_URL"], min_size=6, max_size=6, init=_json) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/v1/interactions", status_code=201)
async def record(new: NewInteraction) -> dict[str, Any]:
    row = await app.state.pool.fetchrow(
        RECORD, WORKSPACE, new.customer_id, new.external_id, new.kind, new.direction, new.occurred_at,
        new.duration_seconds, new.subject, new.body, new.message_id, new.cost, orjson.dumps(new.metadata).decode(),
        None, "bench",
    )  # fmt: skip
    return dict(row)


@app.get("/v1/customers/{customer_id}")
async def read(customer_id: UUID) -> dict[str, Any]:
    return dict(await app.state.pool.fetchrow(SELECT, WORKSPACE, customer_id))


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["BENCH_PORT"]), loop="uvloop", access_log=False,
                log_level="warning")  # fmt: skip
