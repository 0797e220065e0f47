"""The real application behind an HTTP client, with keys for each role."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.api.app import create_app, running_services
from shared.messaging import ensure_stream
from shared.settings import Settings

Json = dict[str, Any]
NewKey = Callable[..., Awaitable[str]]


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the owner, past row-level security: for arranging and for looking."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def workspace(owner: asyncpg.Connection) -> UUID:
    statement = "insert into workspace (name, timezone, currency) values ('Acme', 'Europe/Paris', 'EUR') returning id"
    return UUID(str(await owner.fetchval(statement)))


@pytest.fixture
def new_key(owner: asyncpg.Connection, workspace: UUID) -> NewKey:
    """Make a key: `await new_key("rep", user_id=…)`."""

    async def make(role: str = "admin", *, user_id: UUID | None = None, workspace_id: UUID | None = None) -> str:
        key = f"pk_test_{role}_{user_id}_{workspace_id}"
        await owner.execute(
            "insert into api_key (workspace_id, name, prefix, key_hash, role, user_id)"
            " values ($1, 'test', 'pk', $2, $3, $4)",
            workspace_id or workspace,
            hashlib.sha256(key.encode()).digest(),
            role,
            user_id,
        )
        return key

    return make


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The application, which FastAPI takes a while to build; each test lets it run with services of its own."""
    return create_app(Settings(database_url="postgresql://x/x", nats_url="nats://x", _env_file=None))


@pytest.fixture
async def app_client(app: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application without a credential."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        running_services(settings) as app.state.services,
        httpx.AsyncClient(transport=transport, base_url="http://api") as client,
    ):
        await ensure_stream(app.state.services.broker.jetstream())
        yield client


@pytest.fixture
async def client(app_client: httpx.AsyncClient, new_key: NewKey) -> httpx.AsyncClient:
    """The application as an admin sees it."""
    app_client.headers["Authorization"] = f"Bearer {await new_key('admin')}"
    return app_client


@pytest.fixture
def new_customer(client: httpx.AsyncClient) -> Callable[..., Awaitable[Json]]:
    """Add a customer: `await new_customer(name="Durand SARL", kind="company")`."""

    async def make(**fields: Any) -> Json:
        response = await client.post("/v1/customers", json={"kind": "person", "name": "Camille Durand"} | fields)
        assert response.status_code == 201, response.text
        found: Json = response.json()
        return found

    return make
