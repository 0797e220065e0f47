"""What is particular to tasks and complaints: what settling them notes."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.integration.api.arranging import add_user, bearer

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]


async def test_doing_a_task_notes_when_and_opening_it_again_forgets_that(client: httpx.AsyncClient) -> None:
    made = (await client.post("/v1/tasks", json={"title": "Rappeler", "due_on": "2026-03-01"})).json()
    place = f"/v1/tasks/{made['id']}"

    done = (await client.patch(place, json={"status": "done"})).json()
    opened = (await client.patch(place, json={"status": "open"})).json()

    assert (made["done_at"], opened["done_at"]) == (None, None)
    assert done["done_at"] == done["updated_at"]


async def test_a_rep_does_a_task_assigned_to_it_about_a_customer_of_somebody_else(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep, foreign = await add_user(owner, workspace), await new_customer()
    assigned = {"title": "Aider", "customer_id": foreign["id"], "assignee_id": str(rep)}
    task = (await client.post("/v1/tasks", json=assigned)).json()
    await client.post("/v1/tasks", json={"title": "Autre", "customer_id": foreign["id"]})
    headers = bearer(await new_key("rep", user_id=rep))

    done = await client.patch(f"/v1/tasks/{task['id']}", json={"status": "done"}, headers=headers)
    own = await client.post("/v1/tasks", json={"title": "Préparer"}, headers=headers)

    assert (done.status_code, done.json()["status"]) == (200, "done")
    assert own.json()["assignee_id"] == str(rep)
    listed = (await client.get("/v1/tasks", headers=headers)).json()["items"]
    assert {item["title"] for item in listed} == {"Aider", "Préparer"}


async def test_what_is_due_first_comes_first_and_what_is_never_due_last(client: httpx.AsyncClient) -> None:
    for title, due_on in (("jamais", None), ("mars", "2026-03-01"), ("février", "2026-02-01")):
        await client.post("/v1/tasks", json={"title": title, "due_on": due_on})

    first = (await client.get("/v1/tasks?limit=2")).json()
    second = (await client.get(f"/v1/tasks?limit=2&cursor={first['next_cursor']}")).json()

    assert [item["title"] for item in first["items"] + second["items"]] == ["février", "mars", "jamais"]


async def test_settling_a_complaint_notes_when_and_opening_it_again_forgets_that(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    made = (await client.post("/v1/complaints", json={"customer_id": customer["id"], "subject": "Retard"})).json()
    place = f"/v1/complaints/{made['id']}"

    resolved = (await client.patch(place, json={"status": "resolved"})).json()
    rejected = (await client.patch(place, json={"status": "rejected"})).json()
    opened = (await client.patch(place, json={"status": "in_progress"})).json()

    assert resolved["resolved_at"] == resolved["updated_at"]
    assert rejected["resolved_at"] == resolved["resolved_at"]
    assert opened["resolved_at"] is None
