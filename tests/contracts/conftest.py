"""The application with the state that the samples speak of, and the samples themselves."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.integration.api.conftest import app, app_client, client, new_customer, new_key, owner, workspace

__all__ = ["app", "app_client", "client", "new_customer", "new_key", "owner", "workspace"]

SAMPLES = Path(__file__).parent / "samples"
SECRETS = {"brevo": "brevo-given-aa272a161e0ec7e582a6200b", "aircall": "acgiven5c7b24b614e315ad"}
Deliver = Callable[..., Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Given:
    """Ids of what was loaded through the API before the providers call."""

    camille: str
    bystander: str
    agent: str
    endpoints: dict[str, str]


@pytest.fixture
async def given(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: Any, new_customer: Callable[..., Awaitable[Any]]
) -> Given:
    """Camille, to whom the mail was sent; Léa, who has nothing to do with it; Nadia, who answers the telephone."""
    camille = await new_customer(email="camille.durand@client.example.com", phone="06 39 98 01 23")
    lea = await new_customer(name="Léa Moreau", email="lea.moreau@client.example.com", phone="+33639980456")
    sent = {
        "customer_id": camille["id"],
        "kind": "email_sent",
        "external_id": "msg_8841",
        "message_id": "<crm.8841.c7f2@mail.example.com>",
        "subject": "Votre devis 8841",
        "occurred_at": "2026-11-12T10:58:00+01:00",
    }
    assert (await client.post("/v1/interactions", json=sent)).status_code == 201
    agent = await owner.fetchval(
        "insert into user_account (workspace_id, email, name, role)"
        " values ($1, 'nadia.benali@acme.example.com', 'Nadia Benali', 'rep') returning id",
        workspace,
    )
    endpoints = {}
    for provider, secret in SECRETS.items():
        new = {"provider": provider, "name": provider, "secret": secret}
        endpoints[provider] = (await client.post("/v1/inbound-endpoints", json=new)).json()["url"]
    assert endpoints["brevo"].startswith("http://127.0.0.1:8000/v1/webhooks/in/brevo/")
    return Given(camille["id"], lea["id"], str(agent), endpoints)


@pytest.fixture
async def deliver(app_client: httpx.AsyncClient, given: Given) -> Deliver:
    """Send a sample as its provider does: `await deliver("brevo/delivered")`."""

    async def deliver(case: str, *, body: bytes | None = None, **headers: str) -> httpx.Response:
        recorded = json.loads((SAMPLES / f"{case}.headers.json").read_text())["headers"]
        content = body if body is not None else (SAMPLES / f"{case}.json").read_bytes()
        path = given.endpoints[case.partition("/")[0]].removeprefix("http://127.0.0.1:8000")
        credential = app_client.headers.pop("Authorization")
        try:
            return await app_client.post(path, content=content, headers=recorded | headers)
        finally:
            app_client.headers["Authorization"] = credential

    return deliver
