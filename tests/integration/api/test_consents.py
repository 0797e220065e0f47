"""What a person says about being contacted, and what follows at once."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.integration.api.arranging import add_user, bearer, told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]


async def say(client: httpx.AsyncClient, customer: dict[str, Any], status: str, **fields: Any) -> dict[str, Any]:
    body = {"customer_id": customer["id"], "purpose": "marketing", "channel": "email", "status": status} | fields
    response = await client.post("/v1/consents", json=body)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def suppressed(owner: asyncpg.Connection) -> list[tuple[str, str, str]]:
    rows = await owner.fetch("select channel, address, reason from suppression order by address")
    return [(row["channel"], row["address"], row["reason"]) for row in rows]


async def test_a_statement_is_kept_with_its_proof(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    proof = {"source": "web form", "text_version": "2026-01", "recorded_at": "2026-03-01T09:00:00Z"}

    said = await say(client, customer, "granted", **proof)

    assert said.items() >= (proof | {"customer_id": customer["id"], "status": "granted"}).items()
    assert (await client.get(f"/v1/consents/{said['id']}")).json() == said
    assert await told(owner, "consent.recorded") == [
        {"customer_id": customer["id"], "consent_id": said["id"], "purpose": "marketing", "channel": "email",
         "status": "granted"}
    ]  # fmt: skip
    assert await told(owner, "customer.unsubscribed") == []


async def test_withdrawing_unsubscribes_and_granting_again_lifts_only_that(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(email="Camille@acme.example")

    await say(client, customer, "withdrawn")
    after_no = await suppressed(owner)
    await say(client, customer, "granted")

    assert after_no == [("email", "camille@acme.example", "unsubscribed")]
    assert await suppressed(owner) == []
    assert await told(owner, "customer.unsubscribed") == [{"customer_id": customer["id"], "channel": "email"}]


async def test_an_address_that_bounces_stays_suppressed_whatever_the_person_says(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer = await new_customer(email="camille@acme.example")
    await owner.execute(
        "insert into suppression (workspace_id, channel, address, reason) values ($1, 'email', $2, 'hard_bounced')",
        workspace,
        "camille@acme.example",
    )

    await say(client, customer, "withdrawn")
    await say(client, customer, "granted")

    assert await suppressed(owner) == [("email", "camille@acme.example", "hard_bounced")]


async def test_other_purposes_and_channels_suppress_no_address(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(email="camille@acme.example")

    await say(client, customer, "withdrawn", purpose="profiling")
    await say(client, customer, "withdrawn", channel="sms")

    assert await suppressed(owner) == []
    assert await told(owner, "customer.unsubscribed") == [{"customer_id": customer["id"], "channel": "sms"}]


async def test_the_newest_statement_counts_and_the_older_ones_are_history(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer, other = await new_customer(email="camille@acme.example"), await new_customer()
    granted = await say(client, customer, "granted", recorded_at="2026-03-02T09:00:00Z")
    older = await say(client, customer, "withdrawn", recorded_at="2026-03-01T09:00:00Z")
    by_phone = await say(client, customer, "granted", channel="phone", recorded_at="2026-01-01T09:00:00Z")
    await say(client, other, "granted")

    async def ids(query: str) -> list[str]:
        answer = await client.get(f"/v1/consents?customer_id={customer['id']}{query}")
        return [item["id"] for item in answer.json()["items"]]

    assert await ids("") == [granted["id"], older["id"], by_phone["id"]]
    assert await ids("&current=true") == [granted["id"], by_phone["id"]]
    assert await suppressed(owner) == []
    assert await told(owner, "customer.unsubscribed") == []


async def test_a_statement_of_the_future_is_refused(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    customer = await new_customer()
    body = {"customer_id": customer["id"], "channel": "email", "status": "granted"}

    refused = await client.post("/v1/consents", json=body | {"recorded_at": "2199-01-01T00:00:00Z"})

    assert refused.status_code == 422
    assert [(f["pointer"], f["code"]) for f in refused.json()["errors"]] == [("#/recorded_at", "bad_timestamp")]
    assert (await client.get("/v1/consents")).json()["items"] == []


async def test_a_rep_records_consent_in_its_portfolio_only(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep = await add_user(owner, workspace)
    mine, foreign = await new_customer(owner_id=str(rep)), await new_customer()
    await say(client, foreign, "granted")
    headers = bearer(await new_key("rep", user_id=rep))
    body = {"channel": "email", "status": "granted"}

    good = await client.post("/v1/consents", json=body | {"customer_id": mine["id"]}, headers=headers)
    bad = await client.post("/v1/consents", json=body | {"customer_id": foreign["id"]}, headers=headers)

    assert (good.status_code, bad.status_code) == (201, 422)
    listed = (await client.get("/v1/consents", headers=headers)).json()["items"]
    assert [item["customer_id"] for item in listed] == [mine["id"]]
