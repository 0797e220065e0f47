"""Reminder rules, reminders, alert rules and alerts."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.cli.demo import automation as demo
from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import insert, new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Json = dict[str, Any]
BIRTHDAYS: Json = demo.reminder_rules()[0]
AT_RISK: Json = demo.alert_rules()[0]
NOON = datetime.fromisoformat("2026-03-15T12:00:00+00:00")


async def saved(client: httpx.AsyncClient, path: str, document: Json) -> Json:
    response = await client.post(f"/v1/{path}", json=document)
    assert response.status_code == 201, response.text
    found: Json = response.json()
    return found


async def events(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch("select type from outbox order by id")
    return [row["type"] for row in rows if not row["type"].startswith("customer.")]


@pytest.mark.parametrize(
    ("path", "document"),
    [
        *(("reminder-rules", item) for item in demo.reminder_rules()),
        *(("alert-rules", item) for item in demo.alert_rules()),
    ],
)
async def test_what_the_demonstration_defines_is_accepted(client: httpx.AsyncClient, path: str, document: Json) -> None:
    rule = await saved(client, path, document)

    assert {name: rule[name] for name in document} == document
    assert (rule["active"], rule["version"]) == (True, 1)
    assert (await client.get(f"/v1/{path}/{rule['id']}")).json() == rule
    assert (await client.get(f"/v1/{path}")).json()["items"] == [rule]


@pytest.mark.parametrize(
    ("path", "document", "event"),
    [
        ("reminder-rules", BIRTHDAYS, "reminder_rule.defined"),
        ("alert-rules", AT_RISK, "alert_rule.defined"),
    ],
)
async def test_a_rule_is_changed_paused_and_removed_with_its_events(
    client: httpx.AsyncClient, owner: asyncpg.Connection, path: str, document: Json, event: str
) -> None:
    rule = await saved(client, path, document)
    place = f"/v1/{path}/{rule['id']}"

    renamed = (await client.patch(place, json={"name": "Autre"})).json()
    paused = (await client.patch(place, json={"active": False}, headers={"If-Match": '"2"'})).json()
    same = (await client.patch(place, json={"active": False})).json()
    stale = await client.patch(place, json={"active": True}, headers={"If-Match": '"1"'})

    assert [(item["name"], item["active"], item["version"]) for item in (renamed, paused, same)] == [
        ("Autre", True, 2), ("Autre", False, 3), ("Autre", False, 3),
    ]  # fmt: skip
    assert stale.status_code == 412
    assert (await client.delete(place)).status_code == 204
    assert (await client.get(place)).status_code == 404
    assert await events(owner) == [event] * 4
    stored = await owner.fetchval(f"select definition::jsonb ->> 'name' from {path.replace('-rules', '_rule')}")  # noqa: S608
    assert stored == "Autre"


@pytest.mark.parametrize(
    ("path", "document", "fault"),
    [
        ("reminder-rules", BIRTHDAYS | {"kind": "christmas"}, ("#/kind", "bad_kind")),
        ("reminder-rules", BIRTHDAYS | {"actions": [{"type": "dance"}]}, ("#/actions/0/type", "unsupported_action")),
        ("reminder-rules", BIRTHDAYS | {"actions": [{"type": "task", "title": "{{ x }}"}]},
         ("#/actions/0/title", "unknown_variable")),
        ("reminder-rules", BIRTHDAYS | {"actions": [{"type": "email", "template_id": str(UUID(int=7))}]},
         ("#/actions/0/template_id", "unknown_template")),
        ("alert-rules", AT_RISK | {"metric": "scores.mood"}, ("#/metric", "unknown_metric")),
        ("alert-rules", AT_RISK | {"condition": {"type": "above"}}, ("#/condition/value", "required")),
        ("alert-rules", AT_RISK | {"scope": {"type": "segment", "id": str(UUID(int=7))}},
         ("#/scope/id", "unknown_segment")),
        ("alert-rules", AT_RISK | {"cooldown": "a week"}, ("#/cooldown", "bad_duration")),
    ],
)  # fmt: skip
async def test_a_rule_that_could_not_be_carried_out_is_refused_with_its_place(
    client: httpx.AsyncClient, owner: asyncpg.Connection, path: str, document: Json, fault: tuple[str, str]
) -> None:
    response = await client.post(f"/v1/{path}", json=document)

    assert response.status_code == 422, response.text
    assert [(item["pointer"], item["code"]) for item in response.json()["errors"]] == [fault]
    assert await events(owner) == []


async def test_reminders_are_listed_by_customer_and_day(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    rule = await saved(client, "reminder-rules", BIRTHDAYS)
    customer, other = await new_customer(), await new_customer()
    for day, who in ((1, customer), (2, customer), (3, other)):
        await insert(owner, "reminder", {
            "workspace_id": workspace, "rule_id": UUID(rule["id"]), "rule_version": 1, "occurrence_key": str(day),
            "customer_id": UUID(who["id"]), "occurs_on": date(2026, 3, day), "target_on": date(2026, 3, day),
            "days_before": 0, "created_at": NOON,
        })  # fmt: skip

    async def found(**parameters: str) -> list[str]:
        response = await client.get("/v1/reminders", params=parameters)
        return [item["occurs_on"] for item in response.json()["items"]]

    assert await found(customer_id=customer["id"]) == ["2026-03-02", "2026-03-01"]
    assert await found(occurs_from="2026-03-02", occurs_to="2026-03-02") == ["2026-03-02"]
    assert await found(kind="contract_expiry") == []


async def alert(owner: asyncpg.Connection, rule: Json, customer: Json | None, state: str = "raised") -> str:
    row = {
        "workspace_id": await owner.fetchval("select id from workspace"), "rule_id": UUID(rule["id"]),
        "rule_version": 1, "scope_key": f"{customer and customer['id']}{state}", "state": state, "severity": "high",
        "polarity": "negative", "value": '"high"', "reason": {"figure": "high"}, "raised_at": NOON,
        "customer_id": UUID(customer["id"]) if customer else None,
    }  # fmt: skip
    return str(await insert(owner, "alert", row, returning="id"))


async def test_an_alert_is_taken_note_of_once(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    rule, customer = await saved(client, "alert-rules", AT_RISK), await new_customer()
    open_alert, over = await alert(owner, rule, customer), await alert(owner, rule, customer, "cleared")

    first = await client.patch(f"/v1/alerts/{open_alert}", json={"state": "acknowledged"})
    again = await client.patch(f"/v1/alerts/{open_alert}", json={"state": "acknowledged"})
    late = await client.patch(f"/v1/alerts/{over}", json={"state": "acknowledged"})

    assert (first.status_code, first.json()["state"], first.json()["value"]) == (200, "acknowledged", "high")
    assert first.json()["acknowledged_at"] is not None
    assert again.json() == first.json()
    assert (late.status_code, late.json()["code"]) == (409, "not_acknowledgeable")
    assert await events(owner) == ["alert_rule.defined", "alert.acknowledged"]
    listed = (await client.get("/v1/alerts", params={"state": "acknowledged"})).json()["items"]
    assert [(item["id"], item["rule_name"]) for item in listed] == [(open_alert, AT_RISK["name"])]


async def test_a_rep_sees_the_alerts_of_its_portfolio_and_defines_no_rules(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, new_key: NewKey
) -> None:
    alix = await new_user(owner, workspace)
    rule = await saved(client, "alert-rules", AT_RISK)
    mine, other = await new_customer(owner_id=str(alix)), await new_customer()
    own, foreign, whole = [await alert(owner, rule, customer) for customer in (mine, other, None)]
    client.headers["Authorization"] = f"Bearer {await new_key('rep', user_id=alix)}"

    listed = (await client.get("/v1/alerts")).json()["items"]

    assert [item["id"] for item in listed] == [own]
    for hidden in (foreign, whole):
        assert (await client.patch(f"/v1/alerts/{hidden}", json={"state": "acknowledged"})).status_code == 404
    assert (await client.patch(f"/v1/alerts/{own}", json={"state": "acknowledged"})).json()["acknowledged_by"] == str(
        alix
    )
    for path, document in (("alert-rules", AT_RISK), ("reminder-rules", BIRTHDAYS)):
        assert (await client.post(f"/v1/{path}", json=document)).status_code == 403
