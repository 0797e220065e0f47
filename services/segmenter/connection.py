"""The connection of a loop: its statements are long, static and repeated, so each is parsed and planned once.

A generic plan is the right one for every size of set: index look-ups per customer. One that is made while a table is
still empty would read the whole of it instead, and is kept while the table grows; so `by_key` forbids that.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson

from shared.db.engine import dump_json

APPLICATION = "segmenter"
_SETTINGS = {
    "application_name": APPLICATION,
    "timezone": "UTC",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "work_mem": "64MB",
    "max_parallel_workers_per_gather": "0",
}


_BY_KEY = {"enable_seqscan": "off"}


@asynccontextmanager
async def connected(url: str, *, by_key: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own for as long as the block runs; jsonb arrives as Python values.

    `by_key`: its statements look up rows by key, also in tables that look small.
    """
    connection = await asyncpg.connect(
        url,
        timeout=5,
        command_timeout=120,
        max_cacheable_statement_size=0,  # No limit: the statement of the metrics is longer than the default.
        server_settings=_SETTINGS | (_BY_KEY if by_key else {}),
    )
    try:
        await connection.set_type_codec("jsonb", encoder=dump_json, decoder=orjson.loads, schema="pg_catalog")
        yield connection
    finally:
        await connection.close(timeout=5)
