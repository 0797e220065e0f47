"""What is particular to contacts."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]


async def test_only_companies_have_contacts(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    person = await new_customer(kind="person")

    refused = await client.post("/v1/contacts", json={"customer_id": person["id"], "name": "Dominique Petit"})

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["#/customer_id"]
    assert await owner.fetchval("select count(*) from contact") == 0


async def test_a_contacts_phone_is_read_in_the_country_of_its_company(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    french = await new_customer(kind="company")
    belgian = await new_customer(kind="company", address={"country": "BE"})

    numbers = [
        await client.post("/v1/contacts", json={"customer_id": company["id"], "name": "X", "phone": phone})
        for company, phone in ((french, "06 39 98 01 23"), (belgian, "0470 12 34 56"), (french, "0123"))
    ]

    assert [answer.json()["phone"] for answer in numbers[:2]] == ["+33639980123", "+32470123456"]
    assert [answer.json()["errors"][0]["code"] for answer in numbers[2:]] == ["bad_phone"]


async def test_contacts_are_found_by_company_role_in_decisions_and_address(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    one, other = await new_customer(kind="company"), await new_customer(kind="company")
    for company, name, email, decides in (
        (one, "Anne", "Anne@acme.example", True), (one, "Bob", None, False), (other, "Chloé", None, True),
    ):  # fmt: skip
        body = {"customer_id": company["id"], "name": name, "email": email, "decision_maker": decides}
        assert (await client.post("/v1/contacts", json=body)).status_code == 201

    async def names(query: str) -> list[str]:
        return [item["name"] for item in (await client.get(f"/v1/contacts?{query}")).json()["items"]]

    assert await names(f"customer_id={one['id']}") == ["Anne", "Bob"]
    assert await names("decision_maker=true") == ["Anne", "Chloé"]
    assert await names("email=anne@ACME.example") == ["Anne"]


async def test_a_phone_typed_otherwise_is_no_change(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    company = await new_customer(kind="company")
    body = {"customer_id": company["id"], "name": "X", "phone": "06 39 98 01 23"}
    made = (await client.post("/v1/contacts", json=body)).json()

    same = await client.patch(f"/v1/contacts/{made['id']}", json={"phone": "+33 6 39 98 01 23"})

    assert same.json() == made
