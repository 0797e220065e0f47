"""Messages, decisions and notifications: written by the scheduler, read through the api."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import insert, new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Json = dict[str, Any]
NOON = datetime.fromisoformat("2026-03-15T12:00:00+00:00")


async def message(owner: asyncpg.Connection, workspace: UUID, customer: Json, key: str, **values: Any) -> UUID:
    row = {
        "workspace_id": workspace, "customer_id": UUID(customer["id"]), "channel": "email", "status": "sent",
        "occurrence_key": key, "message_ref": f"{key}@acme.example", "recipient": "c@example.org", "subject": "Bonjour",
        "body_text": "Bonjour Camille", "headers": {"X": "1"}, "next_try_at": NOON, "queued_at": NOON,
    }  # fmt: skip
    return UUID(str(await insert(owner, "message", row | values, returning="id")))


async def enrollment(owner: asyncpg.Connection, workspace: UUID, customer: Json) -> tuple[UUID, UUID]:
    sequence = await insert(
        owner, "sequence", {"workspace_id": workspace, "name": "S", "trigger_type": "manual"}, returning="id"
    )
    run = {"workspace_id": workspace, "sequence_id": sequence, "definition_version": 1, "attempt": 1,
           "customer_id": UUID(customer["id"]), "enrolled_at": NOON}  # fmt: skip
    return sequence, await insert(owner, "enrollment", run, returning="id")


async def test_messages_are_found_by_customer_status_and_sequence_and_read_with_their_events(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer, bystander = await new_customer(), await new_customer()
    sequence, run = await enrollment(owner, workspace, customer)
    first = await message(owner, workspace, customer, "a", enrollment_id=run, step_id="hello")
    second = await message(owner, workspace, customer, "b", status="failed")
    await message(owner, workspace, bystander, "c")
    for kind, minute, bot in (("opened", 5, False), ("delivered", 1, False), ("clicked", 2, True)):
        await insert(owner, "message_event", {
            "workspace_id": workspace, "provider": "brevo", "dedup_key": kind, "kind": kind, "suspected_bot": bot,
            "occurred_at": NOON.replace(minute=minute), "message_ref": "a@acme.example", "payload": {},
        })  # fmt: skip

    async def found(**parameters: str) -> list[str]:
        return [item["id"] for item in (await client.get("/v1/messages", params=parameters)).json()["items"]]

    assert await found(customer_id=customer["id"]) == [str(second), str(first)]
    assert await found(status="failed") == [str(second)]
    assert await found(sequence_id=str(sequence)) == [str(first)]
    read = (await client.get(f"/v1/messages/{first}")).json()
    assert (read["body_text"], read["sequence_id"], read["headers"]) == ("Bonjour Camille", str(sequence), {"X": "1"})
    assert [(event["kind"], event["suspected_bot"]) for event in read["events"]] == [
        ("delivered", False), ("clicked", True), ("opened", False),
    ]  # fmt: skip


async def decision(owner: asyncpg.Connection, workspace: UUID, key: str, day: int, **values: Any) -> None:
    row = {
        "workspace_id": workspace, "occurs_on": date(2026, 3, day), "occurrence_key": key, "kind": "sequence",
        "rule_id": UUID(int=day), "rule_version": 1, "outcome": "sent", "details": {}, "decided_at": NOON,
    }  # fmt: skip
    await insert(owner, "decision", row | values)


async def test_decisions_say_why_something_did_or_did_not_happen(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    mine = {"customer_id": UUID(customer["id"])}
    await decision(owner, workspace, "a", 1, **mine)
    await decision(owner, workspace, "b", 2, outcome="suppressed", reason="frequency_cap", **mine)
    await decision(owner, workspace, "c", 3, kind="reminder", decided_at=NOON.replace(hour=13))

    async def found(**parameters: str) -> list[str]:
        response = await client.get("/v1/decisions", params=parameters)
        assert response.status_code == 200, response.text
        return sorted(item["occurrence_key"] for item in response.json()["items"])

    assert await found(customer_id=customer["id"]) == ["a", "b"]
    assert await found(outcome="suppressed") == ["b"]
    assert await found(kind="reminder") == ["c"]
    assert await found(rule_id=str(UUID(int=1))) == ["a"]
    assert await found(occurs_from="2026-03-02", occurs_to="2026-03-02") == ["b"]
    newest = (await client.get("/v1/decisions", params={"limit": 1})).json()
    assert (newest["items"][0]["occurrence_key"], newest["next_cursor"] is None) == ("c", False)


async def test_notifications_are_listed_for_their_reader_and_ticked_off_once(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, new_key: NewKey
) -> None:
    alix, other = await new_user(owner, workspace), await new_user(owner, workspace, name="Noé Roy")
    seen, hidden = await new_customer(owner_id=str(alix)), await new_customer()
    lines = {
        "for alix": {"user_id": alix}, "for other": {"user_id": other}, "for all": {},
        "about seen": {"customer_id": UUID(seen["id"])}, "about hidden": {"customer_id": UUID(hidden["id"])},
    }  # fmt: skip
    ids = {}
    for key, values in lines.items():
        row = {"workspace_id": workspace, "kind": "alert", "title": key, "occurrence_key": key, "created_at": NOON}
        ids[key] = await insert(owner, "notification", row | values, returning="id")
    client.headers["Authorization"] = f"Bearer {await new_key('rep', user_id=alix)}"

    listed = (await client.get("/v1/notifications")).json()["items"]
    read = await client.patch(f"/v1/notifications/{ids['for alix']}", json={"read": True})
    again = await client.patch(f"/v1/notifications/{ids['for alix']}", json={"read": True})
    foreign = await client.patch(f"/v1/notifications/{ids['for other']}", json={"read": True})
    unread = (await client.get("/v1/notifications", params={"unread": "true"})).json()["items"]

    assert sorted(item["title"] for item in listed) == ["about seen", "for alix", "for all"]
    assert read.json()["read_at"] is not None
    assert again.json() == read.json()
    assert foreign.status_code == 404
    assert sorted(item["title"] for item in unread) == ["about seen", "for all"]


async def test_a_rep_reads_the_messages_and_decisions_of_its_own_portfolio(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, new_key: NewKey
) -> None:
    alix = await new_user(owner, workspace)
    mine, other = await new_customer(owner_id=str(alix)), await new_customer()
    own = await message(owner, workspace, mine, "a")
    foreign = await message(owner, workspace, other, "b")
    for key, customer in (("a", mine), ("b", other)):
        await decision(owner, workspace, key, 1, customer_id=UUID(customer["id"]))
    client.headers["Authorization"] = f"Bearer {await new_key('rep', user_id=alix)}"

    messages = (await client.get("/v1/messages")).json()["items"]
    decisions = (await client.get("/v1/decisions")).json()["items"]

    assert [item["id"] for item in messages] == [str(own)]
    assert [item["occurrence_key"] for item in decisions] == ["a"]
    assert (await client.get(f"/v1/messages/{foreign}")).status_code == 404
