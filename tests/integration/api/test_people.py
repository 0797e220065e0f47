"""Users and teams, and whose customers they see."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.conftest import NewKey

Json = dict[str, Any]
NewCustomer = Callable[..., Awaitable[Json]]


async def add(client: httpx.AsyncClient, path: str, **fields: Any) -> Json:
    made = await client.post(path, json=fields)
    assert made.status_code == 201, made.text
    found: Json = made.json()
    return found


async def names_seen(client: httpx.AsyncClient, key: str) -> set[str]:
    page = await client.get("/v1/customers", headers={"Authorization": f"Bearer {key}"})
    return {row["name"] for row in page.json()["items"]}


async def test_a_person_is_added_found_and_changed(client: httpx.AsyncClient) -> None:
    team = await add(client, "/v1/teams", name="Nord")

    user = await add(client, "/v1/users", email="Ines@EXAMPLE.com", name="Inès", role="rep", team_id=team["id"])
    changed = await client.patch(f"/v1/users/{user['id']}", json={"name": "Inès Moreau"}, headers={"If-Match": '"1"'})
    stale = await client.patch(f"/v1/users/{user['id']}", json={"name": "X"}, headers={"If-Match": '"1"'})

    assert (user["email"], user["active"], user["has_password"], user["version"]) == (
        "Ines@example.com",
        True,
        False,
        1,
    )
    assert (changed.json()["name"], changed.headers["ETag"]) == ("Inès Moreau", '"2"')
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    listed = await client.get("/v1/users", params={"email": "ines@example.com", "team_id": team["id"]})
    assert listed.json()["items"] == [changed.json()]
    assert (await client.delete(f"/v1/users/{user['id']}")).status_code == 405


@pytest.mark.parametrize(
    ("fields", "pointer", "status"),
    [
        ({"email": "nobody"}, "#/email", 422),
        ({"role": "boss"}, "#/role", 422),
        ({"password": "too short"}, "#/password", 422),
        ({"team_id": "0198f000-0000-7000-8000-000000000001"}, "#/team_id", 422),
        ({"email": "TAKEN@example.com"}, "#/email", 409),
    ],
)
async def test_a_person_that_makes_no_sense_is_refused(
    fields: Json, pointer: str, status: int, client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await add(client, "/v1/users", email="taken@example.com", name="A", role="rep")

    refused = await client.post("/v1/users", json={"email": "b@example.com", "name": "B", "role": "rep"} | fields)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (status, pointer)
    assert await owner.fetchval("select count(*) from user_account") == 1


async def test_people_and_teams_are_written_by_admins_and_read_by_all(
    client: httpx.AsyncClient, new_key: NewKey
) -> None:
    manager = {"Authorization": f"Bearer {await new_key('manager')}"}
    user = {"email": "a@example.com", "name": "A", "role": "admin"}

    assert (await client.get("/v1/users", headers=manager)).status_code == 200
    assert (await client.post("/v1/users", json=user, headers=manager)).status_code == 403
    assert (await client.get("/v1/teams", headers=manager)).status_code == 200
    assert (await client.post("/v1/teams", json={"name": "T"}, headers=manager)).status_code == 403


async def test_a_team_has_one_name_a_known_manager_and_no_people_when_it_goes(client: httpx.AsyncClient) -> None:
    team = await add(client, "/v1/teams", name="Nord")
    user = await add(client, "/v1/users", email="a@example.com", name="A", role="manager", team_id=team["id"])

    same_name = await client.post("/v1/teams", json={"name": "Nord"})
    ghost = await client.patch(f"/v1/teams/{team['id']}", json={"manager_id": team["id"]})
    managed = await client.patch(f"/v1/teams/{team['id']}", json={"manager_id": user["id"]})
    with_people = await client.delete(f"/v1/teams/{team['id']}")
    await client.patch(f"/v1/users/{user['id']}", json={"team_id": None})
    empty = await client.delete(f"/v1/teams/{team['id']}")

    assert (same_name.status_code, ghost.status_code, ghost.json()["errors"][0]["pointer"]) == (
        409,
        422,
        "#/manager_id",
    )
    assert managed.json()["manager_id"] == user["id"]
    assert (with_people.status_code, with_people.json()["errors"][0]["code"], empty.status_code) == (409, "in_use", 204)


async def test_another_workspaces_people_are_not_there(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_key: NewKey
) -> None:
    user = await add(client, "/v1/users", email="a@example.com", name="A", role="rep")
    team = await add(client, "/v1/teams", name="Nord")
    other = await owner.fetchval(
        "insert into workspace (name, timezone, currency) values ('Other', 'Europe/Paris', 'EUR') returning id"
    )
    stranger = {"Authorization": f"Bearer {await new_key('admin', workspace_id=other)}"}

    assert (await client.get(f"/v1/users/{user['id']}", headers=stranger)).status_code == 404
    assert (await client.patch(f"/v1/teams/{team['id']}", json={"name": "X"}, headers=stranger)).status_code == 404
    assert (await client.get("/v1/users", headers=stranger)).json()["items"] == []


async def test_a_rep_sees_its_own_customers_and_a_manager_its_teams(
    client: httpx.AsyncClient, new_customer: NewCustomer, new_key: NewKey
) -> None:
    north, south = await add(client, "/v1/teams", name="Nord"), await add(client, "/v1/teams", name="Sud")
    ines = await add(client, "/v1/users", email="i@example.com", name="Inès", role="rep", team_id=north["id"])
    hugo = await add(client, "/v1/users", email="h@example.com", name="Hugo", role="rep", team_id=south["id"])
    nadia = await add(client, "/v1/users", email="n@example.com", name="Nadia", role="manager")
    await client.patch(f"/v1/teams/{north['id']}", json={"manager_id": nadia["id"]})
    mine = await new_customer(name="Ines's", owner_id=ines["id"])
    shared = await new_customer(name="Shared", owner_id=hugo["id"], secondary_owner_ids=[ines["id"]])
    his = await new_customer(name="Hugo's", owner_id=hugo["id"])
    rep = await new_key("rep", user_id=UUID(ines["id"]))
    manager = await new_key("manager", user_id=UUID(nadia["id"]))

    assert await names_seen(client, rep) == {"Ines's", "Shared"}
    assert await names_seen(client, manager) == {"Ines's", "Shared"}
    assert await names_seen(client, await new_key("readonly")) == {"Ines's", "Shared", "Hugo's"}
    hers = {"Authorization": f"Bearer {rep}"}
    assert (await client.get(f"/v1/customers/{mine['id']}", headers=hers)).status_code == 200
    assert (await client.get(f"/v1/customers/{his['id']}", headers=hers)).status_code == 404
    call = {"customer_id": his["id"], "kind": "call"}
    assert (await client.post("/v1/interactions", json=call, headers=hers)).status_code == 422
    about_hers = call | {"customer_id": shared["id"], "metadata": {"mood": "good"}}
    recorded = await client.post("/v1/interactions", json=about_hers, headers=hers)
    assert (recorded.status_code, recorded.json()["metadata"]) == (201, {"mood": "good"})

    await client.patch(f"/v1/users/{hugo['id']}", json={"team_id": north["id"]})

    assert await names_seen(client, manager) == {"Ines's", "Shared", "Hugo's"}
