"""Defining sequences, and asking for customers to run through them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from services.cli.demo import automation as demo
from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import insert, new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Json = dict[str, Any]
CALL: Json = {"id": "call", "type": "task", "title": "Appeler {{ customer.name }}", "assignee": "owner", "due": "P1D"}
MANUAL: Json = {"name": "À la main", "trigger": {"type": "manual"}, "steps": [CALL]}
NOON = datetime.fromisoformat("2026-03-15T12:00:00+00:00")


async def saved(client: httpx.AsyncClient, path: str, document: Json) -> Json:
    response = await client.post(f"/v1/{path}", json=document)
    assert response.status_code == 201, response.text
    found: Json = response.json()
    return found


async def faults(client: httpx.AsyncClient, document: Json) -> list[tuple[str, str]]:
    response = await client.post("/v1/sequences", json=document)
    assert response.status_code == 422, response.text
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


async def told(owner: asyncpg.Connection) -> list[tuple[str, Any]]:
    rows = await owner.fetch("select type, data::jsonb ->> 'definition_version' v from outbox order by id")
    return [(row["type"], row["v"]) for row in rows]


async def test_what_the_demonstration_defines_is_accepted(client: httpx.AsyncClient) -> None:
    segments = {item["name"]: (await saved(client, "segments", item))["id"] for item in demo.segments()}
    templates = {item["name"]: (await saved(client, "templates", item))["id"] for item in demo.templates()}

    for document in demo.sequences(segments, templates):
        sequence = await saved(client, "sequences", document)
        assert {name: sequence[name] for name in document} == document
        assert (sequence["status"], sequence["definition_version"]) == ("active", 1)
        assert (await client.get(f"/v1/sequences/{sequence['id']}")).json() == sequence


async def test_a_changed_definition_is_a_new_version_and_a_pause_is_not(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    sequence = await saved(client, "sequences", {**MANUAL, "daily_cap": 5})
    path = f"/v1/sequences/{sequence['id']}"

    paused = (await client.patch(path, json={"status": "paused"})).json()
    changed = (await client.patch(path, json={"name": "Autrement", "daily_cap": None})).json()
    same = (await client.patch(path, json={"name": "Autrement"})).json()

    assert [(item["version"], item["definition_version"]) for item in (paused, changed, same)] == [
        (2, 1), (3, 2), (3, 2),
    ]  # fmt: skip
    assert (changed["status"], changed["name"], changed["daily_cap"]) == ("paused", "Autrement", None)
    versions = await owner.fetch("select definition::jsonb ->> 'daily_cap' cap from sequence_version order by 1")
    assert [row["cap"] for row in versions] == ["5", None]
    assert await told(owner) == [("sequence.defined", "1"), ("sequence.defined", "1"), ("sequence.defined", "2")]
    assert (await client.patch(path, json={"name": "X"}, headers={"If-Match": '"1"'})).status_code == 412


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"trigger": {"type": "tomorrow"}}, [("#/trigger/type", "unsupported_trigger")]),
        ({"steps": []}, [("#/steps", "required")]),
        ({"steps": [{"id": "a", "type": "dance"}]}, [("#/steps/0/type", "unsupported_step")]),
        ({"trigger": {"type": "segment_entered", "segment_id": str(UUID(int=7))}},
         [("#/trigger/segment_id", "unknown_segment")]),
        ({"steps": [{"id": "a", "type": "email", "variants": [{"template_id": str(UUID(int=7))}]}]},
         [("#/steps/0/variants/0/template_id", "unknown_template")]),
        ({"steps": [CALL | {"title": "Appeler {{ customer.first_name }}", "assignee": str(UUID(int=7))}]},
         [("#/steps/0/title", "unknown_variable"), ("#/steps/0/assignee", "unknown_owner")]),
        ({"goal": {"combinator": "and", "rules": [{"field": "mood", "operator": "=", "value": "good"}]}},
         [("#/goal/rules/0/field", "unknown_field")]),
        ({"trigger": {"type": "event", "event": "task.changed"}, "reentry": {"mode": "always"}},
         [("#/trigger", "visible_loop")]),
    ],
)  # fmt: skip
async def test_what_could_not_run_is_refused_with_its_place(
    client: httpx.AsyncClient, owner: asyncpg.Connection, changes: Json, expected: list[tuple[str, str]]
) -> None:
    assert await faults(client, MANUAL | changes) == expected
    assert await owner.fetchval("select count(*) from sequence") == 0


async def test_a_customer_is_asked_to_be_enrolled_by_an_event(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    sequence, customer = await saved(client, "sequences", MANUAL), await new_customer()
    path = f"/v1/sequences/{sequence['id']}/enrollments"

    response = await client.post(path, json={"customer_id": customer["id"]})
    unknown = await client.post(path, json={"customer_id": str(uuid4())})

    assert response.status_code == 202
    assert response.json() == {"sequence_id": sequence["id"], "customer_id": customer["id"], "status": "requested"}
    event = await owner.fetchrow("select * from outbox where type = 'enrollment.requested'")
    assert str(event["customer_id"]) == customer["id"]
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "unknown_customer")


async def enrol(owner: asyncpg.Connection, sequence: Json, customer: Json, **values: Any) -> UUID:
    row = {
        "workspace_id": await owner.fetchval("select id from workspace"), "sequence_id": UUID(sequence["id"]),
        "definition_version": 1, "customer_id": UUID(customer["id"]), "attempt": 1, "enrolled_at": NOON,
        "position": "call",
    }  # fmt: skip
    return UUID(str(await insert(owner, "enrollment", row | values, returning="id")))


async def test_nobody_is_enrolled_twice_at_a_time_nor_into_a_paused_sequence(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    sequence, running, other = await saved(client, "sequences", MANUAL), await new_customer(), await new_customer()
    await enrol(owner, sequence, running)
    path = f"/v1/sequences/{sequence['id']}/enrollments"

    twice = await client.post(path, json={"customer_id": running["id"]})
    await client.patch(f"/v1/sequences/{sequence['id']}", json={"status": "paused"})
    paused = await client.post(path, json={"customer_id": other["id"]})

    assert [(item.status_code, item.json()["code"]) for item in (twice, paused)] == [(409, "not_enrollable")] * 2
    assert await owner.fetchval("select count(*) from outbox where type = 'enrollment.requested'") == 0


async def test_enrollments_tell_where_each_customer_stands(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, new_key: NewKey
) -> None:
    alix = await new_user(owner, workspace)
    sequence = await saved(client, "sequences", MANUAL)
    mine, other = await new_customer(owner_id=str(alix)), await new_customer()
    run = await enrol(owner, sequence, mine)
    await enrol(owner, sequence, other, status="exited", enrolled_at=NOON + timedelta(days=1), exit_reason="goal")
    due = {"workspace_id": workspace, "enrollment_id": run, "customer_id": UUID(mine["id"]), "step_path": "call"}
    await insert(owner, "due_action", {**due, "due_at": NOON + timedelta(hours=1)})
    path = f"/v1/sequences/{sequence['id']}/enrollments"

    listed = (await client.get(path)).json()["items"]
    active = (await client.get(path, params={"status": "active"})).json()["items"]
    client.headers["Authorization"] = f"Bearer {await new_key('rep', user_id=alix)}"
    own = (await client.get(path)).json()["items"]

    assert [(item["status"], item["next_due_at"]) for item in listed] == [
        ("exited", None), ("active", "2026-03-15T13:00:00Z"),
    ]  # fmt: skip
    assert [item["id"] for item in active] == [item["id"] for item in own] == [str(run)]
    assert (await client.post("/v1/sequences", json=MANUAL | {"name": "X"})).status_code == 403


async def test_a_deleted_sequence_is_gone_and_told_of(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    sequence = await saved(client, "sequences", MANUAL)
    path = f"/v1/sequences/{sequence['id']}"

    assert (await client.delete(path)).status_code == 204

    assert {(await client.get(found)).status_code for found in (path, f"{path}/enrollments")} == {404}
    assert await told(owner) == [("sequence.defined", "1")] * 2
    await saved(client, "sequences", MANUAL)
