"""The database is away for a while: callers are told to come back, nothing is half-written, and then all is well."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from shared.settings import Settings
from tests.engines import Engines
from tests.integration.api.conftest import Json

NewCustomer = Callable[..., Awaitable[Json]]
QUESTIONS: list[tuple[str, str, Any]] = [
    ("GET", "/v1/customers/{id}", None),
    ("GET", "/v1/customers", None),
    ("GET", "/v1/me", None),
    ("POST", "/v1/customers", {"kind": "person", "name": "Camille Durand"}),
    ("POST", "/v1/interactions", {"customer_id": "{id}", "kind": "call"}),
    ("POST", "/v1/interactions/batch", {"items": [{"customer_id": "{id}", "kind": "call"}]}),
    ("PATCH", "/v1/customers/{id}", {"name": "Inès Moreau"}),
    ("DELETE", "/v1/customers/{id}", None),
]


async def shut(engines: Engines, url: str, *, open_: bool) -> None:
    """Take every connection of one database away and let nobody in; or let them in again."""
    name = url.partition("?")[0].rsplit("/", 1)[1]
    connection = await asyncpg.connect(engines.postgres_url)
    await connection.execute(f"alter database {name} with allow_connections {str(open_).lower()}")
    if not open_:
        await connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    await connection.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_callers_are_told_to_come_back_and_find_everything_as_it_was(
    client: httpx.AsyncClient, settings: Settings, engines: Engines, new_customer: NewCustomer
) -> None:
    customer = await new_customer()

    await shut(engines, settings.database_url, open_=False)
    seen = []
    for method, path, body in QUESTIONS:
        given = {**body, "customer_id": customer["id"]} if body and "customer_id" in body else body
        response = await client.request(method, path.replace("{id}", customer["id"]), json=given)
        seen.append((response.status_code, response.json()["code"], response.headers.get("retry-after")))
    ready = await client.get("/health/ready")
    await shut(engines, settings.database_url, open_=True)

    assert seen == [(503, "unavailable", "2")] * len(QUESTIONS)
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "2")
    assert (await client.get(f"/v1/customers/{customer['id']}")).json() == customer
    assert len((await client.get("/v1/customers")).json()["items"]) == 1
    assert (await client.get("/v1/interactions")).json()["items"] == []
