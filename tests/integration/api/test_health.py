"""What the api says about itself and about those who may be frozen."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from nats.js.api import ConsumerConfig

from services.api.app import running_services
from services.local.embedded import EmbeddedNats
from shared.messaging import STREAM, ensure_stream
from shared.settings import Settings
from tests.freezing import frozen


@pytest.fixture
def own_nats(tmp_path: Path) -> Iterator[EmbeddedNats]:
    """A broker that a test may freeze."""
    with EmbeddedNats(tmp_path) as nats:
        yield nats


@pytest.fixture
async def anybody(app: FastAPI, settings: Settings, own_nats: EmbeddedNats) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    own = settings.model_copy(update={"nats_url": own_nats.url})
    async with (
        running_services(own) as app.state.services,
        httpx.AsyncClient(transport=transport, base_url="http://api") as client,
    ):
        await ensure_stream(app.state.services.broker.jetstream())
        yield client


async def test_metrics_show_what_nobody_relays_and_nobody_handles(
    anybody: httpx.AsyncClient, app: FastAPI, owner: asyncpg.Connection
) -> None:
    broker = app.state.services.broker.jetstream()
    await broker.add_consumer(STREAM, ConsumerConfig(durable_name="scheduler", filter_subject="evt.>"))
    await broker.publish("evt.w.customer.created", b"{}")
    await owner.execute(
        "insert into outbox (workspace_id, type, data, occurred_at) values (uuidv7(), 'customer.created', '{}', now())"
    )

    await anybody.get("/metrics")  # The first connections may take longer than a scrape waits: then the next one knows.
    await asyncio.sleep(1)
    shown = (await anybody.get("/metrics")).text

    assert 'portefeuille_consumer_backlog{consumer="scheduler"} 1.0\n' in shown
    assert "portefeuille_outbox_rows 1.0\n" in shown
    assert "portefeuille_outbox_age_seconds nan" not in shown.lower()


async def test_a_frozen_broker_is_not_ready_and_metrics_come_all_the_same(
    anybody: httpx.AsyncClient, own_nats: EmbeddedNats
) -> None:
    before = (await anybody.get("/health/ready")).json()["dependencies"]["broker"]

    with frozen(own_nats._child.pid):
        ready = await anybody.get("/health/ready")
        metrics = await anybody.get("/metrics")

    assert before == {"status": "ok"}
    assert ready.status_code == 503
    assert ready.json()["dependencies"]["broker"] == {"status": "unavailable", "error": "TimeoutError"}
    assert ready.json()["lag"] == {"segmenter": {"events": None}, "scheduler": {"events": None}}
    assert metrics.status_code == 200
    assert (await anybody.get("/health/ready")).json()["dependencies"]["broker"] == {"status": "ok"}
