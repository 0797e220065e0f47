"""Gauges of what is behind: true when they are asked for, whoever is frozen, and unknown when nobody can say."""

import math
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from prometheus_client import REGISTRY

from services.local.embedded import EmbeddedNats
from shared.db.session import Sessions
from shared.jetstream import Publisher
from shared.messaging import STREAM, ask_broker, connect_broker, ensure_stream, hang_up, subject_of
from shared.outbox.lag import Lag
from shared.outbox.relay import relay_once
from shared.telemetry import CONSUMER_BACKLOG, DUE_ACTION_LATENESS, OUTBOX_AGE_SECONDS
from tests.freezing import frozen

# A first connection takes its time on a busy machine; what is late is shown by the next scrape.
UNHURRIED = 10
WRITE = """
insert into outbox (workspace_id, type, data, occurred_at, created_at)
select uuidv7(), 'transaction.recorded', '{}', now(), now() - interval '90 seconds' from generate_series(1, $1)
"""


@pytest.fixture
def own_nats(tmp_path: Path) -> Iterator[EmbeddedNats]:
    """A broker that a test may freeze."""
    with EmbeddedNats(tmp_path) as nats:
        yield nats


@pytest.fixture
async def own_client(own_nats: EmbeddedNats) -> AsyncIterator[Client]:
    client = await connect_broker(own_nats.url, name="tests")
    await ensure_stream(client.jetstream())
    yield client
    await hang_up(client)


def gauge(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"portefeuille_{name}", labels)


async def have_backlog(broker: JetStreamContext, consumer: str, events: int) -> None:
    """A durable consumer whose process does nothing: that it is frozen looks the same from outside."""
    await broker.add_consumer(STREAM, ConsumerConfig(durable_name=consumer, filter_subject="evt.>"))
    for number in range(events):
        await broker.publish(subject_of("w", "transaction.recorded"), str(number).encode())


async def test_the_backlog_of_a_consumer_that_does_nothing_is_seen_by_others(
    sessions: Sessions, broker: JetStreamContext
) -> None:
    lag = Lag(sessions, broker._nc, patience=UNHURRIED)
    await have_backlog(broker, "segmenter", 3)
    await lag.measure()
    before = gauge("consumer_backlog", consumer="segmenter")

    await broker.publish(subject_of("w", "transaction.recorded"), b"one more")
    await lag.measure()

    assert (before, gauge("consumer_backlog", consumer="segmenter")) == (3, 4)


async def test_the_outbox_is_measured_by_who_does_not_relay_and_is_no_longer_old_once_it_is_relayed(
    sessions: Sessions, broker: JetStreamContext, pool: asyncpg.Pool
) -> None:
    lag = Lag(sessions, broker._nc, patience=UNHURRIED)
    await pool.execute(WRITE, 5)
    await lag.measure()
    rows, age = gauge("outbox_rows"), gauge("outbox_age_seconds")

    async with pool.acquire() as connection:
        await relay_once(connection, Publisher(broker._nc))
    await lag.measure()

    assert rows == 5
    assert age == pytest.approx(90, abs=5)
    assert (gauge("outbox_rows"), gauge("outbox_age_seconds")) == (0, 0)


async def test_a_frozen_broker_makes_the_backlog_unknown_at_once_and_does_not_hold_up_the_scrape(
    sessions: Sessions, own_nats: EmbeddedNats, own_client: Client, pool: asyncpg.Pool
) -> None:
    lag = Lag(sessions, own_client, good_for=0)
    await have_backlog(own_client.jetstream(), "segmenter", 2)
    await pool.execute(WRITE, 1)
    CONSUMER_BACKLOG.labels("segmenter").set(99)

    with frozen(own_nats._child.pid):
        began = time.monotonic()
        await lag.measure()
        seconds = time.monotonic() - began

    assert seconds < 0.2
    assert gauge("consumer_backlog", consumer="segmenter") is None


async def test_a_database_that_cannot_be_asked_makes_the_outbox_unknown(
    sessions: Sessions, broker: JetStreamContext, pool: asyncpg.Pool
) -> None:
    await pool.execute("alter table outbox rename to away")
    OUTBOX_AGE_SECONDS.set(99)

    await Lag(sessions, broker._nc, patience=UNHURRIED).measure()

    assert math.isnan(gauge("outbox_age_seconds") or 0)


async def test_a_frozen_broker_does_not_answer_and_is_well_again_afterwards(
    own_nats: EmbeddedNats, own_client: Client
) -> None:
    await ask_broker(own_client)

    with frozen(own_nats._child.pid):
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await ask_broker(own_client)
        seconds = time.monotonic() - began

    assert seconds < 2
    assert own_client.is_connected
    await ask_broker(own_client)


def test_lateness_can_be_told_apart_up_to_hours() -> None:
    """What docs/operations.md worries about, a minute, lies well inside."""
    bounds = [bound for bound in DUE_ACTION_LATENESS._upper_bounds if bound < math.inf]

    assert {60.0, 3600.0} <= set(bounds)
    assert max(bounds) > 3600
