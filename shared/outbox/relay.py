"""From the outbox to the broker. Any number of relays may run: an advisory lock elects one.

Rows are deleted in the transaction that publishes them, and it commits only when the broker has them all. A crash
brings the rows back; the broker drops what it has seen already by its `Nats-Msg-Id`.
"""

import asyncio

import asyncpg
import orjson
from nats.aio.client import Client

from shared.events.base import Envelope
from shared.jetstream import Outgoing, Publisher
from shared.logging import get_logger
from shared.messaging import subject_of
from shared.telemetry import EVENTS_PUBLISHED

LOCK = 7_221_002
BATCH = 500
BUSY_PAUSE, IDLE_PAUSE, IDLE_AFTER = 0.01, 0.05, 1.0
ACKNOWLEDGE_WITHIN = 5.0

# A plan that is made while the outbox is empty is kept while it fills. Asked for its rows one by one it would read the
# whole of it for each (6 s for 500 of 50,000, until the next ANALYZE a minute later); so it asks for a range, by index.
BY_INDEX = "set enable_seqscan = off"
_CLAIM = """
delete from outbox where id <= (select max(id) from (select id from outbox order by id limit $1) oldest)
returning id, event_id, workspace_id, customer_id, type, data, occurred_at, correlation_id, causation_id
"""


async def run_relay(pool: asyncpg.Pool, client: Client) -> None:
    """Relay for ever. Whatever goes wrong outside is logged and tried again: nothing is lost meanwhile."""
    publisher = Publisher(client)
    while True:
        try:
            await _lead(pool, publisher)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  Any fault of database or broker means: let go of the lock and start over.
            get_logger().warning("relay.interrupted", error=repr(error))
        await asyncio.sleep(0.5)


async def _lead(pool: asyncpg.Pool, publisher: Publisher) -> None:
    async with pool.acquire() as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            return
        try:
            await connection.execute(BY_INDEX)
            await _relay_while_leading(connection, publisher)
        finally:
            if not connection.is_closed():
                await connection.fetchval("select pg_advisory_unlock($1)", LOCK)


async def _relay_while_leading(connection: asyncpg.Connection, publisher: Publisher) -> None:
    clock = asyncio.get_running_loop()
    last_event = 0.0
    while True:
        published = await relay_once(connection, publisher)
        if published:
            last_event = clock.time()
        if published < BATCH:
            await asyncio.sleep(BUSY_PAUSE if clock.time() - last_event < IDLE_AFTER else IDLE_PAUSE)


async def relay_once(connection: asyncpg.Connection, publisher: Publisher) -> int:
    """Publish the oldest events, at most `BATCH`, in their order. Returns how many."""
    async with connection.transaction():
        rows = sorted(await connection.fetch(_CLAIM, BATCH), key=lambda row: row["id"])
        await publisher.publish(map(_outgoing, rows), ACKNOWLEDGE_WITHIN)
    EVENTS_PUBLISHED.inc(len(rows))
    return len(rows)


def _outgoing(row: asyncpg.Record) -> Outgoing:
    envelope = Envelope(
        event_id=row["event_id"],
        workspace_id=row["workspace_id"],
        type=row["type"],
        occurred_at=row["occurred_at"],
        data=row["data"],
        customer_id=row["customer_id"],
        sequence=row["id"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
    )
    return Outgoing(
        subject_of(envelope.workspace_id, envelope.type),
        str(envelope.event_id),
        orjson.dumps(envelope.as_cloud_event()),
    )
