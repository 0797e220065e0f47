"""Writing many customers by their references."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from tests.integration.api.arranging import add_user, bearer, told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]


async def send(client: httpx.AsyncClient, *rows: dict[str, Any], **headers: Any) -> dict[str, Any]:
    response = await client.post("/v1/customers/batch", json={"items": list(rows)}, **headers)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_rows_create_change_or_leave_customers_as_they_are(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    changed = await new_customer(external_id="C1", name="Ancien", tags=["a"], address={"city": "Lyon"})
    same = await new_customer(external_id="C2", phone="06 39 98 01 23", custom_fields={"x": 1})
    bystander = await new_customer(external_id="C3")

    answer = await send(
        client,
        {"external_id": "C1", "name": "Nouveau", "potential_annual_revenue": "1000"},
        {"external_id": "C2", "phone": "+33 6 39 98 01 23", "custom_fields": {"x": 1}},
        {"external_id": "C4", "kind": "company", "name": "Neuf", "tags": ["b", "b"], "siren": "732 829 320",
         "address": {"city": "Évry", "country": "FR"}, "phone": "01 99 00 12 34", "birth_date": "--02-29"},
    )  # fmt: skip

    assert [row["status"] for row in answer["items"]] == [200, 200, 201]
    assert [answer[name] for name in ("created", "updated", "unchanged", "rejected")] == [1, 1, 1, 0]
    after = (await client.get(f"/v1/customers/{changed['id']}")).json()
    assert after == changed | {
        "name": "Nouveau", "potential_annual_revenue": "1000.00", "version": 2, "updated_at": after["updated_at"],
    }  # fmt: skip
    made = (await client.get(f"/v1/customers/{answer['items'][2]['id']}")).json()
    assert (made["name"], made["kind"], made["tags"], made["lead_fit"]) == ("Neuf", "company", ["b"], 0)
    assert (made["siren"], made["phone"], made["address"]["city"]) == ("732829320", "+33199001234", "Évry")
    for untouched in (same, bystander):
        assert (await client.get(f"/v1/customers/{untouched['id']}")).json() == untouched
    assert await told(owner, "customer.updated") == [
        {"customer_id": changed["id"], "fields": ["name", "potential_annual_revenue"]}
    ]
    assert [event["customer_id"] for event in await told(owner, "customer.created")][3:] == [made["id"]]


async def test_a_bad_row_does_not_stop_the_others(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    await new_customer(external_id="C1")
    new = {"kind": "person", "name": "X"}
    wrong: list[tuple[str, str, dict[str, Any]]] = [
        ("#/external_id", "required", new),
        ("#/external_id", "required", new | {"external_id": None}),
        ("#/kind", "required", {"external_id": "N1", "name": "X"}),
        ("#/name", "required", {"external_id": "C1", "name": None}),
        ("#/phone", "bad_phone", new | {"external_id": "N2", "phone": "0123"}),
        ("#/email", "bad_email", new | {"external_id": "N3", "email": "x"}),
        ("#/owner_id", "unknown_reference", new | {"external_id": "N4", "owner_id": str(uuid4())}),
        ("#/colour", "unknown_field", new | {"external_id": "N5", "colour": "red"}),
    ]

    answer = await send(client, *(row for _, _, row in wrong), new | {"external_id": "N6"})

    found = [(row["errors"][0]["pointer"], row["errors"][0]["code"]) for row in answer["items"][:-1]]
    assert found == [(pointer, code) for pointer, code, _ in wrong]
    assert answer["items"][-1]["status"] == 201
    assert await owner.fetchval("select count(*) from customer") == 2


async def test_a_later_row_changes_what_an_earlier_one_made(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    answer = await send(
        client,
        {"external_id": "N1", "kind": "person", "name": "Premier", "lead_fit": 3},
        {"external_id": "N1", "name": "Second"},
        {"external_id": "N1", "name": "Second"},
    )

    assert [row["status"] for row in answer["items"]] == [201, 200, 200]
    assert len({row["id"] for row in answer["items"]}) == 1
    made = (await client.get(f"/v1/customers/{answer['items'][0]['id']}")).json()
    assert (made["name"], made["lead_fit"], made["version"]) == ("Second", 3, 1)
    assert await told(owner, "customer.updated") == []


async def test_the_reference_of_a_deleted_customer_is_free(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    gone = await new_customer(external_id="C1")
    await client.delete(f"/v1/customers/{gone['id']}")

    answer = await send(client, {"external_id": "C1", "kind": "person", "name": "Nouveau"})

    assert answer["items"][0]["status"] == 201
    assert answer["items"][0]["id"] != gone["id"]


async def test_a_rep_changes_its_portfolio_and_owns_what_it_adds(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep = await add_user(owner, workspace)
    mine, foreign = await new_customer(external_id="C1", owner_id=str(rep)), await new_customer(external_id="C2")
    rows = [{"external_id": "C1", "name": "A"}, {"external_id": "C2", "name": "B"},
            {"external_id": "C3", "kind": "person", "name": "C"}]  # fmt: skip

    answer = await send(client, *rows, headers=bearer(await new_key("rep", user_id=rep)))

    assert [row["status"] for row in answer["items"]] == [200, 422, 201]
    assert answer["items"][0]["id"] == mine["id"]
    assert answer["items"][1]["errors"][0]["code"] == "duplicate"
    assert (await client.get(f"/v1/customers/{foreign['id']}")).json() == foreign
    added = (await client.get(f"/v1/customers/{answer['items'][2]['id']}")).json()
    assert added["owner_id"] == str(rep)
