"""The application with two workspaces in one database for all tests of a module: what is refused leaves no trace."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest_asyncio

from services.api.app import create_app
from shared.messaging import connect_broker, ensure_stream
from shared.settings import Settings
from tests.databases import clone, drop
from tests.engines import Engines
from tests.integration.api.valid_bodies import Ids, valid_body

# In the order in which they refer to each other: the resource's name in paths, and the operation that adds one.
RESOURCES = {
    "users": "create_user", "teams": "create_team", "customers": "create_customer", "products": "create_product",
    "contacts": "create_contact", "opportunities": "create_opportunity", "contracts": "create_contract",
    "complaints": "create_complaint", "tasks": "create_task", "consents": "record_consent",
    "interactions": "record_interaction", "transactions": "record_transaction",
    "surveys/responses": "record_survey_response", "tags": "create_tag", "api-keys": "create_api_key",
    "inbound-endpoints": "create_inbound_endpoint", "segments": "create_segment", "templates": "create_template",
    "sequences": "create_sequence", "reminder-rules": "create_reminder_rule", "alert-rules": "create_alert_rule",
}  # fmt: skip
ALERT = """
insert into alert (workspace_id, rule_id, rule_version, scope_key, state, severity, polarity, value, reason, raised_at)
values ($1, $2, 1, 'x', 'raised', 'low', 'negative', '1', '{}', '2026-03-01T12:00Z') returning id
"""
NOTIFICATION = """
insert into notification (workspace_id, kind, title, occurrence_key, created_at)
values ($1, 'task', 'Rappeler', 'x', '2026-03-01T12:00Z') returning id
"""

MESSAGE = """
insert into message (workspace_id, customer_id, channel, occurrence_key, message_ref, recipient, body_text, headers,
                     status, next_try_at, queued_at)
values ($1, $2, 'email', 'x', 'x', 'camille.durand@example.com', 'Bonjour', '{}', 'sent', '2026-03-01T12:00Z',
        '2026-03-01T12:00Z') returning id
"""


@dataclass
class Portfolio:
    """Both workspaces with one record of each resource. `client` calls as an admin of the first."""

    client: httpx.AsyncClient
    owner: asyncpg.Connection
    ids: Ids
    foreign: Ids
    numbers: Callable[[], int] = field(default_factory=lambda: count(100).__next__)

    def valid(self, operation: str) -> dict[str, Any]:
        return valid_body(operation, self.ids, self.numbers())

    async def state(self) -> dict[str, tuple[int, int]]:
        """How many rows every table has, and a sum over what is in them."""
        names = await self.owner.fetch(
            "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
            " and relnamespace = 'public'::regnamespace order by relname"
        )
        parts = (
            f"select '{name}' t, count(*) n, coalesce(sum(hashtextextended(r::text, 0)), 0) s from {name} r"  # noqa: S608
            for (name,) in names
        )
        return {row["t"]: (row["n"], row["s"]) for row in await self.owner.fetch(" union all ".join(parts))}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def portfolio(engines: Engines) -> AsyncIterator[Portfolio]:
    url = await asyncio.to_thread(clone, engines)
    settings = Settings(database_url=url, nats_url=engines.nats_url, max_body_bytes=1_000_000, _env_file=None)
    broker = await connect_broker(settings.nats_url, name="tests")
    await ensure_stream(broker.jetstream())
    await broker.close()
    owner = await asyncpg.connect(url)
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api") as client,
    ):
        await asyncio.sleep(0.1)
        foreign = await _populated(client, owner, "Ailleurs", first=50)
        ids = await _populated(client, owner, "Acme", first=1)
        yield Portfolio(client, owner, ids, foreign)
    await owner.close()
    await asyncio.to_thread(drop, engines, url)


async def _populated(client: httpx.AsyncClient, owner: asyncpg.Connection, name: str, *, first: int) -> Ids:
    """A workspace with one record of everything; the client calls as its admin from then on."""
    workspace = await _workspace(client, owner, name)
    ids: Ids = {}
    for number, (resource, operation) in enumerate(RESOURCES.items(), start=first):
        response = await client.post(f"/v1/{resource}", json=valid_body(operation, ids, number))
        assert response.status_code == 201, (operation, response.text)
        ids[resource.rsplit("/", 1)[-1]] = response.json()["id"]
    ids |= await _past_the_api(owner, workspace, ids)
    ids["references"] = (await client.get(f"/v1/customers/{ids['customers']}")).json()["external_id"]
    return ids


async def _past_the_api(owner: asyncpg.Connection, workspace: UUID, ids: Ids) -> Ids:
    """What only the automation makes."""
    return {
        "alerts": str(await owner.fetchval(ALERT, workspace, ids["alert-rules"])),
        "notifications": str(await owner.fetchval(NOTIFICATION, workspace)),
        "messages": str(await owner.fetchval(MESSAGE, workspace, ids["customers"])),
    }


async def _workspace(client: httpx.AsyncClient, owner: asyncpg.Connection, name: str) -> UUID:
    workspace = await owner.fetchval(
        "insert into workspace (name, timezone, currency, sandbox) values ($1, 'Europe/Paris', 'EUR', true)"
        " returning id",
        name,
    )
    key = f"pk_of_{name}"
    await owner.execute(
        "insert into api_key (workspace_id, name, prefix, key_hash, role) values ($1, 'test', 'pk', $2, 'admin')",
        workspace,
        hashlib.sha256(key.encode()).digest(),
    )
    client.headers["Authorization"] = f"Bearer {key}"
    return UUID(str(workspace))
