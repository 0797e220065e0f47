"""What is particular to contracts."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_contract_does_not_end_before_it_starts(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    customer = await new_customer(external_id="C1")
    dates = {"starts_on": "2026-03-01", "ends_on": "2026-03-01"}
    body = {"customer_external_id": "C1", "name": "Support", "amount": "1200"} | dates

    one_day = await client.post("/v1/contracts", json=body)
    reversed_ = await client.post("/v1/contracts", json=body | {"ends_on": "2026-02-28"})
    moved = await client.patch(f"/v1/contracts/{one_day.json()['id']}", json={"starts_on": "2026-03-02"})

    assert one_day.status_code == 201
    assert one_day.json().items() >= (dates | {"customer_id": customer["id"], "amount": "1200.00"}).items()
    for refused in (reversed_, moved):
        assert refused.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
            ("#/ends_on", "reversed_bounds")
        ]


async def test_contracts_are_found_by_their_end(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    customer = await new_customer()
    for name, ends_on in (("never", None), ("june", "2026-06-30"), ("may", "2026-05-31"), ("july", "2026-07-01")):
        await client.post("/v1/contracts", json={"customer_id": customer["id"], "name": name, "ends_on": ends_on})

    async def names(query: str) -> list[str]:
        return [item["name"] for item in (await client.get(f"/v1/contracts?{query}")).json()["items"]]

    assert await names("sort=ends_on") == ["may", "june", "july", "never"]
    assert await names("ends_from=2026-06-01&ends_to=2026-06-30") == ["june"]


async def test_a_renewed_contract_names_its_successor_and_keeps_it(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    old, new = [
        (await client.post("/v1/contracts", json={"customer_id": customer["id"], "name": name})).json()
        for name in ("2025", "2026")
    ]
    place = f"/v1/contracts/{old['id']}"

    renewed = await client.patch(place, json={"status": "renewed", "renewed_by_id": new["id"]})
    unknown = await client.patch(place, json={"renewed_by_id": str(uuid4())})
    deleted = await client.delete(f"/v1/contracts/{new['id']}")

    assert renewed.json()["renewed_by_id"] == new["id"]
    assert [(f["pointer"], f["code"]) for f in unknown.json()["errors"]] == [("#/renewed_by_id", "unknown_reference")]
    assert (deleted.status_code, deleted.json()["errors"][0]["code"]) == (409, "in_use")
