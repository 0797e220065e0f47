"""Who may enter: logging in, keys, roles and scopes, and that taking something away works at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from services.api.app import create_app
from shared.settings import Settings
from tests.integration.api.conftest import NewKey

PASSWORD = "correct horse battery"
EMAIL = "ines.moreau@example.com"


def bearing(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def new_user(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    made = await client.post("/v1/users", json={"email": EMAIL, "name": "Inès Moreau", "role": "rep"} | fields)
    assert made.status_code == 201, made.text
    user: dict[str, Any] = made.json()
    return user


async def new_api_key(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    made = await client.post("/v1/api-keys", json={"name": "script", "role": "admin"} | fields)
    assert made.status_code == 201, made.text
    key: dict[str, Any] = made.json()
    return key


async def log_in(
    client: httpx.AsyncClient, password: str = PASSWORD, email: str = EMAIL, **form: str
) -> httpx.Response:
    return await client.post("/v1/auth/token", data={"username": email, "password": password, **form})


async def test_a_person_logs_in_and_is_known(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    user = await new_user(client, password=PASSWORD)

    token = await log_in(client, email="INES.moreau@example.com", grant_type="password")

    assert token.status_code == 200
    assert (token.json()["token_type"], token.json()["expires_in"]) == ("bearer", 43200)
    me = (await client.get("/v1/me", headers=bearing(token.json()["access_token"]))).json()
    assert (me["role"], me["user"]["id"], me["workspace"]["name"]) == ("rep", user["id"], "Acme")
    assert me["key"]["kind"] == "session"
    stored = await owner.fetchrow("select key_hash, expires_at - now() as left from api_key where kind = 'session'")
    assert token.json()["access_token"].encode() not in stored["key_hash"]
    assert timedelta(hours=11, minutes=59) < stored["left"] <= timedelta(hours=12)


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong horse battery"), ("nobody@example.com", PASSWORD)])
async def test_an_unknown_person_and_a_wrong_password_get_the_same_answer(
    email: str, password: str, client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await new_user(client, password=PASSWORD)

    refused = await log_in(client, email=email, password=password)

    assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"] == "The e-mail address or the password is wrong."
    assert await owner.fetchval("select count(*) from api_key where kind = 'session'") == 0


async def test_an_address_known_in_several_workspaces_needs_the_workspaces_name(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_key: NewKey
) -> None:
    other = await owner.fetchval(
        "insert into workspace (name, timezone, currency) values ('Zebra', 'Europe/Paris', 'EUR') returning id"
    )
    await new_user(client, password=PASSWORD)
    await client.post(
        "/v1/users",
        json={"email": EMAIL, "name": "Inès", "role": "admin", "password": PASSWORD},
        headers=bearing(await new_key("admin", workspace_id=other)),
    )

    unclear, named = await log_in(client), await log_in(client, client_id="Zebra")
    elsewhere = await log_in(client, client_id="Nowhere")

    assert (unclear.status_code, unclear.json()["errors"][0]["pointer"]) == (422, "#/client_id")
    me = (await client.get("/v1/me", headers=bearing(named.json()["access_token"]))).json()
    assert (me["workspace"]["name"], me["role"]) == ("Zebra", "admin")
    assert elsewhere.status_code == 401


async def test_a_token_that_has_expired_opens_nothing(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    await new_user(client, password=PASSWORD)
    token = (await log_in(client)).json()["access_token"]
    assert (await client.get("/v1/me", headers=bearing(token))).status_code == 200

    await owner.execute("update api_key set expires_at = now() - interval '1 second' where kind = 'session'")

    assert (await client.get("/v1/me", headers=bearing(token))).status_code == 401


@pytest.mark.parametrize("change", [{"active": False}, {"password": "another good password"}])
async def test_a_deactivation_and_a_new_password_end_every_session(
    change: dict[str, Any], client: httpx.AsyncClient
) -> None:
    user = await new_user(client, password=PASSWORD)
    token = (await log_in(client)).json()["access_token"]

    changed = await client.patch(f"/v1/users/{user['id']}", json=change)

    assert changed.status_code == 200
    assert (await client.get("/v1/me", headers=bearing(token))).status_code == 401
    assert (await log_in(client)).status_code == 401


async def test_a_new_role_and_a_deactivation_reach_a_persons_key_at_once(client: httpx.AsyncClient) -> None:
    user = await new_user(client, role="admin")
    key = (await new_api_key(client, user_id=user["id"]))["key"]
    assert (await client.get("/v1/api-keys", headers=bearing(key))).status_code == 200

    await client.patch(f"/v1/users/{user['id']}", json={"role": "readonly"})
    as_reader = await client.get("/v1/api-keys", headers=bearing(key))
    await client.patch(f"/v1/users/{user['id']}", json={"active": False})
    as_nobody = await client.get("/v1/me", headers=bearing(key))

    assert (as_reader.status_code, as_nobody.status_code) == (403, 401)


async def test_a_key_is_shown_once_and_stored_hashed(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    issued = await new_api_key(client, scopes=["customers:read"])

    key = issued.pop("key")
    assert key.startswith("pk_")
    assert len(key) == 46
    assert issued["prefix"] == key[:9]
    assert (await client.get(f"/v1/api-keys/{issued['id']}")).json() == issued
    assert issued in (await client.get("/v1/api-keys")).json()["items"]
    dump = await owner.fetch("select to_jsonb(k)::text as row from api_key k")
    assert not any(key in row["row"] for row in dump)


async def test_a_revoked_key_stops_at_once_in_every_process(client: httpx.AsyncClient, settings: Settings) -> None:
    issued = await new_api_key(client)
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://b") as other:
        await asyncio.sleep(0.3)  # Until it listens: only then it remembers anybody.
        for here in (client, other):
            for _ in range(2):
                assert (await here.get("/v1/me", headers=bearing(issued["key"]))).status_code == 200

        revoked = await client.delete(f"/v1/api-keys/{issued['id']}")
        here_after = await client.get("/v1/me", headers=bearing(issued["key"]))
        await asyncio.sleep(0.05)
        there_after = await other.get("/v1/me", headers=bearing(issued["key"]))

    assert (revoked.status_code, here_after.status_code, there_after.status_code) == (204, 401, 401)
    assert (await client.get(f"/v1/api-keys/{issued['id']}")).json()["revoked_at"] is not None


async def test_scopes_narrow_what_a_role_may_do(client: httpx.AsyncClient) -> None:
    reader = bearing((await new_api_key(client, scopes=["customers:read"]))["key"])
    customer = {"kind": "person", "name": "Camille"}

    assert (await client.get("/v1/customers", headers=reader)).status_code == 200
    assert (await client.post("/v1/customers", json=customer, headers=reader)).status_code == 403
    assert (await client.get("/v1/interactions", headers=reader)).status_code == 403


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"role": "rep"}, "#/user_id"),
        ({"role": "boss"}, "#/role"),
        ({"scopes": ["everything"]}, "#/scopes/0"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at"),
        ({"user_id": "0198f000-0000-7000-8000-000000000001"}, "#/user_id"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    fields: dict[str, Any], pointer: str, client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    refused = await client.post("/v1/api-keys", json={"name": "x", "role": "admin"} | fields)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await owner.fetchval("select count(*) from api_key where name = 'x'") == 0


async def test_a_persons_key_cannot_have_another_role_than_the_person(client: httpx.AsyncClient) -> None:
    boss = await new_user(client, role="admin")

    refused = await client.post("/v1/api-keys", json={"name": "harmless", "role": "readonly", "user_id": boss["id"]})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/role")


async def test_a_key_may_expire(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    issued = await new_api_key(client, expires_at=soon)
    assert (await client.get("/v1/me", headers=bearing(issued["key"]))).status_code == 200

    await owner.execute("update api_key set expires_at = now() where name = 'script'")

    assert (await client.get("/v1/me", headers=bearing(issued["key"]))).status_code == 401


@pytest.mark.parametrize("role", ["manager", "readonly"])
@pytest.mark.parametrize("path", ["/v1/api-keys", "/v1/inbound-endpoints"])
async def test_secrets_are_the_business_of_admins(
    role: str, path: str, client: httpx.AsyncClient, new_key: NewKey
) -> None:
    assert (await client.get(path, headers=bearing(await new_key(role)))).status_code == 403
