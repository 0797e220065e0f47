"""What all plain resources promise: create, read, change, delete, with versions, scopes and events."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.arranging import add_user, add_workspace, bearer, told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]


@dataclass(frozen=True)
class Resource:
    """One resource: the least that creates a row, a change of it, a field that cannot be emptied, a wrong value."""

    path: str
    least: dict[str, Any]
    change: dict[str, Any]
    wrong: dict[str, Any]
    of_customer: bool = True
    event: str | None = None
    shown: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.path


RESOURCES = [
    Resource("contracts", {"name": "Maintenance"}, {"name": "Support"}, {"status": "eternal"},
             event="contract.changed", shown={"status": "active", "currency": "EUR", "auto_renew": False}),
    Resource("complaints", {"subject": "Retard"}, {"subject": "Casse"}, {"status": "forgotten"},
             event="complaint.changed", shown={"status": "open", "resolved_at": None}),
    Resource("opportunities", {"name": "Extension"}, {"name": "Renouvellement"}, {"stage": "hope"},
             event="opportunity.changed", shown={"stage": "prospecting", "currency": "EUR", "closed_on": None}),
    Resource("tasks", {"title": "Rappeler"}, {"title": "Relancer"}, {"kind": "nap"},
             event="task.changed", shown={"kind": "task", "status": "open", "done_at": None}),
    Resource("contacts", {"name": "Dominique Petit"}, {"name": "Dominique Grand"}, {"email": "nowhere"},
             event="contact.changed", shown={"decision_maker": False}),
    Resource("products", {"name": "Chaise"}, {"name": "Table"}, {"unit_price": "-1"}, of_customer=False,
             shown={"active": True, "currency": "EUR"}),
    Resource("tags", {"name": "vip"}, {"name": "premium"}, {"color": "red"}, of_customer=False,
             shown={"position": 0}),
]  # fmt: skip
OF_CUSTOMERS = [resource for resource in RESOURCES if resource.of_customer]
each = pytest.mark.parametrize("resource", RESOURCES, ids=str)
each_of_customers = pytest.mark.parametrize("resource", OF_CUSTOMERS, ids=str)


async def create(
    client: httpx.AsyncClient, new_customer: NewCustomer, resource: Resource, **fields: Any
) -> dict[str, Any]:
    body = resource.least | fields
    if resource.of_customer and "customer_id" not in fields:
        body["customer_id"] = (await new_customer(kind="company"))["id"]
    response = await client.post(f"/v1/{resource.path}", json=body)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    assert response.headers["location"] == f"/v1/{resource.path}/{made['id']}"
    return made


@each
async def test_a_record_is_created_read_changed_and_deleted_with_its_events(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer, resource: Resource
) -> None:
    bystander = await create(client, new_customer, resource, **{next(iter(resource.least)): "Témoin"})
    made = await create(client, new_customer, resource)
    place = f"/v1/{resource.path}/{made['id']}"
    assert made.items() >= (resource.least | resource.shown | {"version": 1}).items()
    assert (await client.get(place)).json() == made

    changed = await client.patch(place, json=resource.change)
    again = await client.patch(place, json=resource.change)

    assert changed.json().items() >= (resource.change | {"version": 2}).items()
    assert again.json() == changed.json()
    assert (await client.delete(place)).status_code == 204
    assert (await client.get(place)).status_code == 404
    listed = (await client.get(f"/v1/{resource.path}")).json()
    assert listed == {"items": [bystander], "next_cursor": None, "prev_cursor": None}
    if resource.event is not None:
        about_it = [event for event in await told(owner, resource.event) if made["id"] in event.values()]
        assert [event["change"] for event in about_it] == ["created", "changed", "deleted"]
        assert {event["customer_id"] for event in about_it} == {made["customer_id"]}


@each
async def test_a_wrong_value_is_refused_with_its_place_and_nothing_is_written(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer, resource: Resource
) -> None:
    made = await create(client, new_customer, resource)
    place, name = f"/v1/{resource.path}/{made['id']}", next(iter(resource.least))

    wrong = await client.patch(place, json=resource.wrong)
    emptied = await client.patch(place, json={name: None})
    nothing = await client.patch(place, json={})
    unknown = await client.post(f"/v1/{resource.path}", json=resource.least | {"colour": "red"})

    assert {answer.status_code for answer in (wrong, emptied, nothing, unknown)} == {422}
    assert [fault["pointer"] for fault in wrong.json()["errors"]] == [f"#/{next(iter(resource.wrong))}"]
    assert [fault["pointer"] for fault in emptied.json()["errors"]] == [f"#/{name}"]
    assert nothing.json()["errors"][0]["code"] == "required"
    assert unknown.json()["errors"][0]["code"] == "unknown_field"
    assert (await client.get(place)).json() == made


@each
async def test_a_change_of_what_somebody_else_changed_is_refused(
    client: httpx.AsyncClient, new_customer: NewCustomer, resource: Resource
) -> None:
    made = await create(client, new_customer, resource)
    place = f"/v1/{resource.path}/{made['id']}"
    tag = (await client.get(place)).headers["etag"]
    await client.patch(place, json=resource.change, headers={"If-Match": tag})

    late = await client.patch(place, json=resource.least, headers={"If-Match": tag})
    late_delete = await client.delete(place, headers={"If-Match": tag})

    assert (tag, late.status_code, late_delete.status_code) == ('"1"', 412, 412)
    assert late.json()["current_version"] == 2
    assert (await client.delete(place, headers={"If-Match": '"2"'})).status_code == 204


@each
async def test_a_record_of_another_workspace_does_not_exist(
    client: httpx.AsyncClient,
    owner: asyncpg.Connection,
    new_key: NewKey,
    new_customer: NewCustomer,
    resource: Resource,
) -> None:
    made = await create(client, new_customer, resource)
    place = f"/v1/{resource.path}/{made['id']}"
    stranger = bearer(await new_key("admin", workspace_id=await add_workspace(owner)))

    answers = [
        await client.get(place, headers=stranger),
        await client.patch(place, json=resource.change, headers=stranger),
        await client.delete(place, headers=stranger),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await client.get(f"/v1/{resource.path}", headers=stranger)).json()["items"] == []
    assert (await client.get(place)).json() == made


@each
async def test_a_taken_reference_is_a_conflict(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer, resource: Resource
) -> None:
    unique = "name" if resource.path == "tags" else "external_id"
    made = await create(client, new_customer, resource, **{unique: "R-1"})
    body = resource.least | {unique: "R-1"}
    if resource.of_customer:
        body["customer_id"] = made["customer_id"]

    again = await client.post(f"/v1/{resource.path}", json=body)

    assert again.status_code == 409, again.text
    assert [(fault["pointer"], fault["code"]) for fault in again.json()["errors"]] == [(f"#/{unique}", "duplicate")]
    assert await owner.fetchval(f"select count(*) from {made_in(resource)}") == 1  # noqa: S608


def made_in(resource: Resource) -> str:
    return "opportunity" if resource.path == "opportunities" else resource.path.removesuffix("s")


@each_of_customers
async def test_a_rep_keeps_the_records_of_its_portfolio_and_sees_no_others(
    *,
    client: httpx.AsyncClient,
    owner: asyncpg.Connection,
    workspace: UUID,
    new_key: NewKey,
    new_customer: NewCustomer,
    resource: Resource,
) -> None:
    rep = await add_user(owner, workspace)
    mine = await new_customer(kind="company", owner_id=str(rep))
    foreign = await create(client, new_customer, resource)
    headers = bearer(await new_key("rep", user_id=rep))
    place = f"/v1/{resource.path}"

    made = await client.post(place, json=resource.least | {"customer_id": mine["id"]}, headers=headers)
    refused = await client.post(place, json=resource.least | {"customer_id": foreign["customer_id"]}, headers=headers)
    patched = await client.patch(f"{place}/{foreign['id']}", json=resource.change, headers=headers)

    assert made.status_code == 201
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_customer")
    assert patched.status_code == 404
    assert [item["id"] for item in (await client.get(place, headers=headers)).json()["items"]] == [made.json()["id"]]


@pytest.mark.parametrize("path", ["products", "tags"])
async def test_the_catalogue_and_the_vocabulary_are_kept_by_managers(
    client: httpx.AsyncClient, new_key: NewKey, path: str
) -> None:
    as_rep, as_manager = bearer(await new_key("rep")), bearer(await new_key("manager"))

    refused = await client.post(f"/v1/{path}", json={"name": "x"}, headers=as_rep)
    made = await client.post(f"/v1/{path}", json={"name": "x"}, headers=as_manager)

    assert (refused.status_code, made.status_code) == (403, 201)
    assert (await client.get(f"/v1/{path}/{made.json()['id']}", headers=as_rep)).status_code == 200
