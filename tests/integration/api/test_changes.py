"""The change feed, on a real broker with events that a real relay published."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from nats.aio.client import Client

from shared.jetstream import Publisher
from shared.messaging import STREAM, connect_broker, ensure_stream, subject_of
from shared.outbox.relay import relay_once
from shared.settings import Settings
from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Publish = Callable[[], Awaitable[int]]


@pytest.fixture
async def broker(settings: Settings, client: httpx.AsyncClient) -> AsyncIterator[Client]:
    broker = await connect_broker(settings.nats_url, name="tests")
    yield broker
    await broker.close()


@pytest.fixture
def publish(pool: asyncpg.Pool, broker: Client) -> Publish:
    """Publish what waits in the outbox."""

    async def relay() -> int:
        async with pool.acquire() as connection:
            return await relay_once(connection, Publisher(broker))

    return relay


async def changes(client: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    response = await client.get("/v1/changes", params=parameters)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_events_come_in_their_order_and_each_knows_where_to_go_on(
    client: httpx.AsyncClient, workspace: UUID, new_customer: NewCustomer, publish: Publish
) -> None:
    start = (await changes(client))["next_cursor"]
    customer = await new_customer()
    await client.patch(f"/v1/customers/{customer['id']}", json={"name": "Durand"})
    await client.delete(f"/v1/customers/{customer['id']}")
    await publish()

    first = await changes(client, after=start, limit=2)
    rest = await changes(client, after=first["next_cursor"])

    assert [item["type"] for item in first["items"]] == ["customer.created", "customer.updated"]
    assert [item["type"] for item in rest["items"]] == ["customer.deleted"]
    event = first["items"][0]
    assert (event["specversion"], event["subject"], event["data"]) == (
        "1.0", customer["id"], {"customer_id": customer["id"]},
    )  # fmt: skip
    assert event["source"].endswith(str(workspace))
    assert await changes(client, after=event["cursor"], limit=2) == {
        "items": first["items"][1:] + rest["items"], "next_cursor": rest["next_cursor"],
    }  # fmt: skip


async def test_nothing_new_is_answered_at_once_with_the_same_cursor(
    client: httpx.AsyncClient, new_customer: NewCustomer, publish: Publish
) -> None:
    await new_customer()
    await publish()
    cursor = (await changes(client))["next_cursor"]

    assert await changes(client, after=cursor) == {"items": [], "next_cursor": cursor}


async def test_other_workspaces_are_never_seen_but_passed_by(
    client: httpx.AsyncClient, new_customer: NewCustomer, publish: Publish, broker: Client
) -> None:
    await new_customer()
    await publish()
    cursor = (await changes(client))["next_cursor"]
    ack = await broker.jetstream().publish(subject_of(uuid4(), "customer.created"), b"{}")

    assert await changes(client, after=cursor) == {"items": [], "next_cursor": str(ack.seq)}


async def test_one_type_alone_may_be_followed(
    client: httpx.AsyncClient, new_customer: NewCustomer, publish: Publish
) -> None:
    start = (await changes(client))["next_cursor"]
    customer = await new_customer()
    await client.post("/v1/interactions", json={"customer_id": customer["id"], "kind": "call"})
    await publish()

    found = await changes(client, after=start, type="interaction.recorded")
    unknown = await client.get("/v1/changes", params={"type": "weather.changed"})

    assert [item["type"] for item in found["items"]] == ["interaction.recorded"]
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "unknown_event")


async def test_a_cursor_that_the_stream_no_longer_reaches_is_gone(
    client: httpx.AsyncClient, new_customer: NewCustomer, publish: Publish, broker: Client
) -> None:
    start = (await changes(client))["next_cursor"]
    await new_customer()
    await new_customer()
    await publish()
    await broker.jetstream().purge_stream(STREAM)

    old = await client.get("/v1/changes", params={"after": start})
    foreign = await client.get("/v1/changes", params={"after": "999999999"})

    assert [(item.status_code, item.json()["code"]) for item in (old, foreign)] == [(410, "gone")] * 2
    assert (await changes(client))["items"] == []


async def test_before_the_very_first_event_there_is_nothing_to_read(client: httpx.AsyncClient, broker: Client) -> None:
    await broker.jetstream().delete_stream(STREAM)

    empty = await changes(client)
    await ensure_stream(broker.jetstream())

    assert empty == {"items": [], "next_cursor": "0"}
    assert await changes(client, after="0") == empty


async def test_without_the_broker_the_answer_is_to_try_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "is_connected", property(lambda _: False))

    response = await client.get("/v1/changes")

    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert "Retry-After" in response.headers


async def test_whoever_sees_a_part_of_the_customers_is_refused(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey
) -> None:
    alix = await new_user(owner, workspace)

    statuses = {}
    for role, user in (("rep", alix), ("manager", alix), ("manager", None), ("readonly", None)):
        await owner.execute("update user_account set role = $1", role)
        client.headers["Authorization"] = f"Bearer {await new_key(role, user_id=user)}"
        statuses[role, user is not None] = (await client.get("/v1/changes")).status_code

    assert statuses == {("rep", True): 403, ("manager", True): 403, ("manager", False): 200, ("readonly", False): 200}
