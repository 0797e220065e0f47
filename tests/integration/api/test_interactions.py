"""Recording contacts, one by one and in batches."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]


async def test_an_interaction_is_recorded_with_its_event(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer()

    response = await client.post(
        "/v1/interactions",
        json={
            "customer_id": customer["id"],
            "kind": "call",
            "occurred_at": "2026-03-01T10:00:00+01:00",
            "cost": "4.20",
        },
        headers={"X-Request-ID": "test-correlation"},
    )

    assert response.status_code == 201
    assert response.json()["occurred_at"] == "2026-03-01T09:00:00Z"
    assert response.json()["cost"] == "4.20"
    event = await owner.fetchrow("select * from outbox where type = 'interaction.recorded'")
    assert str(event["customer_id"]) == customer["id"]
    assert event["correlation_id"] == "test-correlation"


async def test_a_repeated_reference_answers_the_first_row(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    first = await client.post(
        "/v1/interactions", json={"customer_id": customer["id"], "kind": "call", "external_id": "c-1"}
    )

    again = await client.post(
        "/v1/interactions", json={"customer_id": customer["id"], "kind": "visit", "external_id": "c-1"}
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await owner.fetchval("select count(*) from interaction") == 1
    assert await owner.fetchval("select count(*) from outbox where type = 'interaction.recorded'") == 1


async def test_a_bad_row_of_a_batch_does_not_stop_the_others(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(external_id="C1")
    rows = [
        {"customer_external_id": "C1", "kind": "call", "external_id": "i1"},
        {"customer_id": customer["id"], "kind": "shout"},
        {"customer_external_id": "nobody", "kind": "call"},
        {"customer_id": customer["id"], "kind": "visit", "external_id": "i1"},
        {"customer_id": customer["id"], "kind": "note", "metadata": {"from": "batch"}},
    ]

    answer = (await client.post("/v1/interactions/batch", json={"items": rows})).json()

    assert [row["status"] for row in answer["items"]] == [201, 422, 422, 200, 201]
    assert answer["items"][1]["errors"][0]["code"] == "bad_kind"
    assert answer["items"][2]["errors"][0]["code"] == "unknown_customer"
    assert answer["items"][3]["id"] == answer["items"][0]["id"]
    assert {name: answer[name] for name in ("created", "unchanged", "rejected")} == {
        "created": 2, "unchanged": 1, "rejected": 2,
    }  # fmt: skip
    assert await owner.fetchval("select count(*) from interaction") == 2
    assert await owner.fetchval("select count(*) from outbox where type = 'interaction.recorded'") == 2


async def test_a_nul_character_is_refused_with_its_place(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    customer = await new_customer()

    response = await client.post(
        "/v1/interactions", json={"customer_id": customer["id"], "kind": "call", "metadata": {"a": ["x", "\x00"]}}
    )

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"pointer": "#/metadata/a/1", "code": "bad_value", "detail": "The character U+0000 cannot be stored."}
    ]
