"""Spans of workers: one around each piece of work, with the id that leads to it; none, and no cost, without export."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import orjson
import pytest
from nats.aio.msg import Msg
from sqlalchemy.ext.asyncio import AsyncSession

from services.segmenter.recompute import recompute
from services.segmenter.staleness import Claim
from shared import messaging
from shared.db.session import Sessions
from shared.events.base import Envelope
from shared.messaging import Consumer
from shared.telemetry import span
from tests.collector import exporting

WITHOUT_EXPORT = """
import sys
from shared.settings import Settings
from shared.telemetry import annotate, export_traces, span
import services.segmenter.app, services.scheduler.app
export_traces(Settings(database_url="postgresql://x/x", nats_url="nats://x", _env_file=None), "segmenter")
annotate(correlation_id="none")
with span("nothing", events=1):
    pass
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


@dataclass
class Delivered:
    """What the broker hands over, as far as a handler's caller looks at it."""

    data: bytes
    acknowledged: list[bool] = field(default_factory=list)

    async def ack(self) -> None:
        self.acknowledged.append(True)


def delivered(correlation: str) -> Msg:
    envelope = Envelope(
        event_id=uuid4(),
        workspace_id=uuid4(),
        type="customer.updated",
        occurred_at=datetime(2026, 3, 29, tzinfo=UTC),
        data={"customer_id": str(uuid4()), "fields": ["name"]},
        customer_id=uuid4(),
        sequence=1,
        correlation_id=correlation,
    )
    return cast(Msg, Delivered(orjson.dumps(envelope.as_cloud_event())))


async def test_a_batch_of_events_is_one_span_with_its_size_and_correlation(sessions: Sessions) -> None:
    async def handler(session: AsyncSession, envelopes: Sequence[Envelope]) -> None:
        pass

    with exporting("scheduler") as collector:
        consumer = Consumer("rules", ["customer.updated"], handler)
        await messaging._handle_together([delivered("from-the-door"), delivered("another-door")], sessions, consumer)

    assert collector.attributes("handle rules") == [{"correlation_id": "from-the-door", "events": 2}]


async def test_a_recomputed_set_is_one_span(sessions: Sessions, pool: Any) -> None:
    async with pool.acquire() as connection:
        workspace_id: UUID = await connection.fetchval(
            "insert into workspace (name, timezone, currency) values ('Acme', 'Europe/Paris', 'EUR') returning id"
        )
        with exporting("segmenter") as collector:
            await recompute(connection, Claim(workspace_id, [uuid4(), uuid4()], [None, "from-the-door"]))

    assert collector.attributes("recompute") == [{"correlation_id": "from-the-door", "customers": 2}]


def test_a_span_of_a_failure_keeps_the_type_and_not_the_message() -> None:
    with exporting("scheduler") as collector, pytest.raises(ValueError), span("fails"):
        raise ValueError("camille@example.org")

    assert collector.attributes("fails") == [{"error.type": "ValueError"}]
    assert b"camille" not in collector.wire


def test_without_export_a_worker_loads_nothing_of_opentelemetry() -> None:
    child = subprocess.run([sys.executable, "-c", WITHOUT_EXPORT], capture_output=True, text=True, check=True)

    assert child.stdout.strip() == "[]"
