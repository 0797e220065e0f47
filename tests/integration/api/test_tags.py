"""Renaming and deleting a tag reaches every customer that carries it."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx

from tests.integration.api.arranging import told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_new_name_takes_the_place_of_the_old_one(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    carrier = await new_customer(tags=["a", "vip", "z"])
    both = await new_customer(tags=["vip", "premium"])
    bystander = await new_customer(tags=["a"])
    gone = await new_customer(tags=["vip"])
    await client.delete(f"/v1/customers/{gone['id']}")
    tag = (await client.post("/v1/tags", json={"name": "vip"})).json()

    await client.patch(f"/v1/tags/{tag['id']}", json={"name": "premium", "color": "#00ff00"})

    async def tags(customer: dict[str, Any]) -> list[str]:
        found: list[str] = (await client.get(f"/v1/customers/{customer['id']}")).json()["tags"]
        return found

    assert await tags(carrier) == ["a", "premium", "z"]
    assert await tags(both) == ["premium"]
    assert (await client.get(f"/v1/customers/{bystander['id']}")).json() == bystander
    assert (await client.post(f"/v1/customers/{gone['id']}/restore")).json()["tags"] == ["premium"]
    assert await told(owner, "customer.updated") == [
        {"customer_id": customer["id"], "fields": ["tags"]} for customer in (carrier, both)
    ]


async def test_a_deleted_tag_leaves_every_customer(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    carrier, bystander = await new_customer(tags=["a", "vip"]), await new_customer(tags=["a"])
    tag = (await client.post("/v1/tags", json={"name": "vip"})).json()

    assert (await client.delete(f"/v1/tags/{tag['id']}")).status_code == 204

    after = (await client.get(f"/v1/customers/{carrier['id']}")).json()
    assert (after["tags"], after["version"]) == (["a"], 2)
    assert (await client.get(f"/v1/customers/{bystander['id']}")).json() == bystander
