"""What is particular to opportunities."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.integration.api.arranging import add_user, bearer, told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]


async def set_clock(owner: asyncpg.Connection, instant: str) -> None:
    await owner.execute("update workspace set clock_offset = $1::text::timestamptz - now()", instant)


async def test_winning_notes_the_local_day_and_opening_again_forgets_it(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await set_clock(owner, "2026-03-01T23:30:00Z")
    made = (await client.post("/v1/opportunities", json={"name": "Extension", "amount": "5000"})).json()
    place = f"/v1/opportunities/{made['id']}"

    won = (await client.patch(place, json={"stage": "won"})).json()
    opened = (await client.patch(place, json={"stage": "proposal"})).json()
    lost = (await client.patch(place, json={"stage": "lost", "closed_on": "2026-02-15"})).json()

    assert (made["closed_on"], won["closed_on"]) == (None, "2026-03-02")
    assert (opened["closed_on"], lost["closed_on"]) == (None, "2026-02-15")
    assert [event["stage"] for event in await told(owner, "opportunity.changed")] == [
        "prospecting", "won", "proposal", "lost",
    ]  # fmt: skip


async def test_an_opportunity_that_comes_as_won_is_closed(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    await set_clock(owner, "2026-03-01T12:00:00Z")

    made = await client.post("/v1/opportunities", json={"name": "Extension", "stage": "won"})

    assert made.json()["closed_on"] == "2026-03-01"


async def test_a_customer_is_given_once(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer, other = await new_customer(), await new_customer()
    made = (await client.post("/v1/opportunities", json={"name": "Salon 2026"})).json()
    place = f"/v1/opportunities/{made['id']}"

    attached = await client.patch(place, json={"customer_id": customer["id"]})
    moved = await client.patch(place, json={"customer_id": other["id"]})

    assert (made["customer_id"], attached.json()["customer_id"]) == (None, customer["id"])
    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (422, "read_only")
    assert [event["customer_id"] for event in await told(owner, "opportunity.changed")] == [None, customer["id"]]


async def test_a_rep_owns_what_it_adds_and_sees_only_its_own_without_customer(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey
) -> None:
    rep, other = await add_user(owner, workspace), await add_user(owner, workspace, name="bo")
    await client.post("/v1/opportunities", json={"name": "Autre", "owner_id": str(other)})
    await client.post("/v1/opportunities", json={"name": "Personne"})
    headers = bearer(await new_key("rep", user_id=rep))

    made = await client.post("/v1/opportunities", json={"name": "Mienne"}, headers=headers)

    assert made.json()["owner_id"] == str(rep)
    listed = (await client.get("/v1/opportunities", headers=headers)).json()["items"]
    assert [item["name"] for item in listed] == ["Mienne"]


async def test_a_manager_sees_those_of_its_team(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey
) -> None:
    team = await owner.fetchval("insert into team (workspace_id, name) values ($1, 'Nord') returning id", workspace)
    manager = await add_user(owner, workspace, "manager", name="chef", team_id=team)
    rep, other = await add_user(owner, workspace, team_id=team), await add_user(owner, workspace, name="bo")
    for name, user in (("Nord", rep), ("Sud", other)):
        await client.post("/v1/opportunities", json={"name": name, "owner_id": str(user)})

    listed = await client.get("/v1/opportunities", headers=bearer(await new_key("manager", user_id=manager)))

    assert [item["name"] for item in listed.json()["items"]] == ["Nord"]


async def test_an_unknown_owner_or_product_is_refused(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"

    for name in ("owner_id", "product_id"):
        refused = await client.post("/v1/opportunities", json={"name": "X", name: nobody})
        assert refused.status_code == 422
        assert [(f["pointer"], f["code"]) for f in refused.json()["errors"]] == [(f"#/{name}", "unknown_reference")]
    assert await owner.fetchval("select count(*) from opportunity") == 0
