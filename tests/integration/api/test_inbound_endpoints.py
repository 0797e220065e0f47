"""Addresses that other tools call, and their secrets."""

import asyncpg
import httpx

from tests.integration.api.conftest import NewKey

BODY = b'{"event":"delivered","email":"a@example.com","message-id":"<1@x.example>","ts_event":1794477560}'


async def test_a_secret_is_shown_once_and_stored_sealed(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    made = await client.post("/v1/inbound-endpoints", json={"provider": "brevo", "name": "Mails"})

    assert made.status_code == 201
    endpoint = made.json()
    assert made.headers["Location"] == f"/v1/inbound-endpoints/{endpoint['id']}"
    assert endpoint["url"] == f"http://127.0.0.1:8000/v1/webhooks/in/brevo/{endpoint['id']}"
    assert len(endpoint["secret"]) == 43
    assert endpoint["secret"].encode() not in await owner.fetchval("select secret from inbound_endpoint")
    assert (await client.get(f"/v1/inbound-endpoints/{endpoint['id']}")).json() == endpoint | {"secret": None}
    assert (await client.get("/v1/inbound-endpoints")).json()["items"] == [endpoint | {"secret": None}]


async def test_a_rotated_secret_replaces_the_old_one_at_once(client: httpx.AsyncClient) -> None:
    endpoint = (await client.post("/v1/inbound-endpoints", json={"provider": "brevo", "name": "Mails"})).json()
    path = endpoint["url"].removeprefix("http://127.0.0.1:8000")

    changed = await client.patch(f"/v1/inbound-endpoints/{endpoint['id']}", json={"rotate_secret": True})

    old = await client.post(path, content=BODY, headers={"Authorization": f"Bearer {endpoint['secret']}"})
    new = await client.post(path, content=BODY, headers={"Authorization": f"Bearer {changed.json()['secret']}"})
    assert (old.status_code, new.status_code) == (401, 200)


async def test_an_endpoint_that_is_switched_off_or_deleted_is_not_there(client: httpx.AsyncClient) -> None:
    given = {"provider": "brevo", "name": "Mails", "secret": "known-secret"}
    endpoint = (await client.post("/v1/inbound-endpoints", json=given)).json()
    path, known = endpoint["url"].removeprefix("http://127.0.0.1:8000"), {"Authorization": "Bearer known-secret"}
    assert (await client.post(path, content=BODY, headers=known)).status_code == 200
    admin = dict(client.headers)

    await client.patch(f"/v1/inbound-endpoints/{endpoint['id']}", json={"active": False})
    off = await client.post(path, content=BODY, headers=known)
    await client.patch(f"/v1/inbound-endpoints/{endpoint['id']}", json={"active": True}, headers=admin)
    on = await client.post(path, content=BODY, headers=known)
    deleted = await client.delete(f"/v1/inbound-endpoints/{endpoint['id']}", headers=admin)
    gone = await client.post(path, content=BODY, headers=known)

    assert [off.status_code, on.status_code, deleted.status_code, gone.status_code] == [404, 200, 204, 404]


async def test_endpoints_are_the_business_of_admins(client: httpx.AsyncClient, new_key: NewKey) -> None:
    manager = {"Authorization": f"Bearer {await new_key('manager')}"}

    read = await client.get("/v1/inbound-endpoints", headers=manager)
    made = await client.post("/v1/inbound-endpoints", json={"provider": "brevo", "name": "x"}, headers=manager)

    assert (read.status_code, made.status_code) == (403, 403)


async def test_an_unknown_provider_is_refused_with_its_place(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    refused = await client.post("/v1/inbound-endpoints", json={"provider": "pigeon", "name": "x"})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/provider"
    assert await owner.fetchval("select count(*) from inbound_endpoint") == 0
