"""The relay's statement finds its rows by index, whatever the outbox looked like when its plan was made."""

import asyncpg
from nats.js import JetStreamContext

from shared.jetstream import Publisher
from shared.outbox.relay import BATCH, BY_INDEX, relay_once

WRITE = """
insert into outbox (workspace_id, type, data, occurred_at)
select uuidv7(), 'transaction.recorded', '{}', now() from generate_series(1, $1)
"""
READ_AS_A_WHOLE = "select seq_tup_read from pg_stat_xact_user_tables where relname = 'outbox'"


async def test_a_plan_made_on_an_empty_outbox_serves_a_full_one(pool: asyncpg.Pool, broker: JetStreamContext) -> None:
    publisher = Publisher(broker._nc)
    async with pool.acquire() as connection:
        await connection.execute("truncate outbox")
        await connection.execute("analyze outbox")
        await connection.execute(BY_INDEX)
        for _ in range(10):
            await relay_once(connection, publisher)
        await pool.execute(WRITE, 5 * BATCH)

        async with connection.transaction():
            before = await connection.fetchval(READ_AS_A_WHOLE)
            published = await relay_once(connection, publisher)
            read = await connection.fetchval(READ_AS_A_WHOLE) - before

    assert published == BATCH
    assert read == 0


async def test_events_are_published_oldest_first_and_only_once(pool: asyncpg.Pool, broker: JetStreamContext) -> None:
    publisher = Publisher(broker._nc)
    await pool.execute(WRITE, BATCH + 3)

    async with pool.acquire() as connection:
        published = [await relay_once(connection, publisher) for _ in range(3)]

    assert published == [BATCH, 3, 0]
    assert (await broker.stream_info("EVENTS")).state.messages == BATCH + 3
