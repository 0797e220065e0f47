"""The whole service with a real broker: an event that the relay publishes becomes figures, classes and memberships."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from nats.js import JetStreamContext

from services.segmenter.app import run
from services.segmenter.builtin import create_builtin_segments
from services.segmenter.loops import Signals
from shared.db.session import Sessions, transaction
from shared.events.facts import TransactionRecorded
from shared.events.segments import SegmentDefined
from shared.messaging import STREAM
from shared.outbox.append import append
from shared.settings import Settings
from tests.integration.segmenter.workplace import Workplace


@pytest.fixture
def connection(replicas: tuple[asyncpg.Connection, asyncpg.Connection]) -> asyncpg.Connection:
    """One that commits."""
    return replicas[0]


@pytest.fixture
async def service(settings: Settings, broker: JetStreamContext) -> AsyncIterator[Signals]:
    """The segmenter, running until the end of the test."""
    signals = Signals()
    task = asyncio.create_task(run(settings, signals))
    yield signals
    signals.stopping.set()
    await asyncio.wait_for(task, 10)


async def eventually(question: Callable[[], Awaitable[Any]], within: float = 10) -> Any:
    deadline = asyncio.get_running_loop().time() + within
    answer = await question()
    while not answer and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
        answer = await question()
    return answer


async def _sell(sessions: Sessions, connection: asyncpg.Connection, workplace: Workplace, customer: UUID) -> None:
    """What the api does: the fact and its event in one transaction."""
    async with transaction(sessions) as session:
        sold = await connection.fetchval(
            "insert into transaction (workspace_id, customer_id, kind, occurred_at, amount, currency)"
            " values ($1, $2, 'sale', workspace_now($1), 120, 'EUR') returning id",
            workplace.workspace_id,
            customer,
        )
        event = TransactionRecorded(customer, sold, "sale", "120.00", "EUR")
        await append(session, workplace.workspace_id, [event], now=datetime.now(UTC))


async def _customer(workplace: Workplace, name: str) -> UUID:
    created: UUID = await workplace.connection.fetchval(
        "insert into customer (workspace_id, external_id, kind, name) values ($1, $2, 'company', $2) returning id",
        workplace.workspace_id,
        name,
    )
    return created


async def test_a_sale_becomes_figures_classes_and_memberships(
    service: Signals, sessions: Sessions, connection: asyncpg.Connection, workplace: Workplace
) -> None:
    async with transaction(sessions) as session:
        await create_builtin_segments(session, workplace.workspace_id)
    customer, bystander = await _customer(workplace, "buyer"), await _customer(workplace, "bystander")

    await _sell(sessions, connection, workplace, customer)

    async def segments_of_buyer() -> set[str]:
        rows = await connection.fetch(
            "select s.key from segment_membership m join segment s on s.id = m.segment_id where m.customer_id = $1",
            customer,
        )
        return {row["key"] for row in rows}

    async def is_classified() -> bool:
        return {"status_active", "abc_a", "top"} <= await segments_of_buyer()

    assert await eventually(is_classified)
    scores = await workplace.scores()
    assert (scores["buyer"]["status"], scores["buyer"]["revenue"], scores["buyer"]["rank"]) == ("active", 120, 1)
    assert scores["bystander"]["rank"] is None
    assert bystander not in {
        row["customer_id"] for row in await connection.fetch("select customer_id from segment_membership")
    }


async def test_a_new_segment_finds_the_customers_that_are_there_already(
    service: Signals, sessions: Sessions, connection: asyncpg.Connection, workplace: Workplace
) -> None:
    member, other = await _customer(workplace, "Lyon"), await _customer(workplace, "Paris")
    async with transaction(sessions) as session:
        segment = await connection.fetchval(
            "insert into segment (workspace_id, name, rule) values ($1, 'Lyonnais', $2) returning id",
            workplace.workspace_id,
            {"combinator": "and", "rules": [{"field": "name", "operator": "=", "value": "lyon"}]},
        )
        await append(session, workplace.workspace_id, [SegmentDefined(segment, 1)], now=datetime.now(UTC))

    async def members() -> list[UUID]:
        return [row["customer_id"] for row in await connection.fetch("select customer_id from segment_membership")]

    assert await eventually(members) == [member]
    assert other != member


async def test_what_the_segmenter_found_is_told_on_the_stream(
    service: Signals,
    sessions: Sessions,
    connection: asyncpg.Connection,
    workplace: Workplace,
    broker: JetStreamContext,
) -> None:
    customer = await _customer(workplace, "buyer")
    subscription = await broker.pull_subscribe(f"evt.{workplace.workspace_id}.score.changed", stream=STREAM)

    await _sell(sessions, connection, workplace, customer)

    [message] = await subscription.fetch(1, timeout=10)
    told = json.loads(message.data)
    assert told["subject"] == str(customer)
    assert told["data"]["changed"]["status"] == {"before": None, "after": "active"}
    assert told["data"]["changed"]["revenue"] == {"before": None, "after": "120.00"}
