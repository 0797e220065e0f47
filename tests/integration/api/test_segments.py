"""Defining segments, trying rules, and asking who is in and why."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import computed, insert, new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Json = dict[str, Any]


def rule(*rules: tuple[str, str, Any]) -> Json:
    return {
        "combinator": "and",
        "rules": [{"field": field, "operator": operator, "value": value} for field, operator, value in rules],
    }


BIG = rule(("scores.pareto", "=", "big"))


async def new_segment(client: httpx.AsyncClient, name: str = "Gros", definition: Json = BIG) -> Json:
    response = await client.post("/v1/segments", json={"name": name, "rule": definition})
    assert response.status_code == 201, response.text
    found: Json = response.json()
    return found


async def events(owner: asyncpg.Connection) -> list[tuple[str, Any]]:
    rows = await owner.fetch("select type, data::jsonb ->> 'definition_version' v from outbox order by id")
    return [(row["type"], row["v"]) for row in rows if row["type"].startswith("segment.")]


async def faults(response: httpx.Response) -> list[tuple[str, str]]:
    assert response.status_code == 422, response.text
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


async def test_a_segment_is_defined_with_its_event_and_lists_kept_as_arrays(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    segment = await new_segment(client, "Gros", rule(("scores.rfm.segment", "in", "champions,at_risk")))

    assert (segment["definition_version"], segment["version"], segment["built_in"]) == (1, 1, False)
    assert segment["rule"]["rules"][0]["value"] == ["champions", "at_risk"]
    assert segment["member_count"] == 0
    assert await events(owner) == [("segment.defined", "1")]
    assert (await client.get(f"/v1/segments/{segment['id']}")).json() == segment


async def test_another_rule_is_another_definition_and_another_name_is_not(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    segment = await new_segment(client)
    path = f"/v1/segments/{segment['id']}"

    renamed = (await client.patch(path, json={"name": "Grands comptes"})).json()
    same = (await client.patch(path, json={"rule": BIG})).json()
    redefined = (await client.patch(path, json={"rule": rule(("tags", "contains", "vip"))})).json()

    assert [(item["version"], item["definition_version"]) for item in (renamed, same, redefined)] == [
        (2, 1), (2, 1), (3, 2),
    ]  # fmt: skip
    assert await events(owner) == [("segment.defined", "1"), ("segment.defined", "2")]
    stale = await client.patch(path, json={"name": "X"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current_version"]) == (412, 3)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (rule(("mood", "=", "good")), [("#/rule/rules/0/field", "unknown_field")]),
        (rule(("name", "=", "x"), ("scores.revenue", ">", "much")), [("#/rule/rules/1/value", "bad_number")]),
        (rule(("scores.pareto", "<", "big")), [("#/rule/rules/0/operator", "operator_not_for_field")]),
        (
            rule(("segments", "memberOf", ["01890000-0000-7000-8000-000000000000"])),
            [("#/rule/rules/0/value", "unknown_segment")],
        ),
        ({"combinator": "and"}, [("#/rule/rules", "missing_rules")]),
    ],
)
async def test_a_rule_that_means_nothing_is_refused_with_its_place(
    client: httpx.AsyncClient, owner: asyncpg.Connection, definition: Json, expected: list[tuple[str, str]]
) -> None:
    response = await client.post("/v1/segments", json={"name": "X", "rule": definition})

    assert await faults(response) == expected
    assert await owner.fetchval("select count(*) from segment") == 0


async def test_a_document_nested_without_end_is_refused(client: httpx.AsyncClient) -> None:
    nested: Any = []
    for _ in range(300):
        nested = [nested]

    response = await client.post("/v1/segments", json={"name": "X", "rule": {**BIG, "note": nested}})

    assert await faults(response) == [("#/rule", "too_deep")]


async def test_segments_must_not_refer_to_one_another_in_a_circle(client: httpx.AsyncClient) -> None:
    first = await new_segment(client, "Un")
    second = await new_segment(client, "Deux", rule(("segments", "memberOf", [first["id"]])))

    closing = await client.patch(
        f"/v1/segments/{first['id']}", json={"rule": rule(("segments", "notMemberOf", [second["id"]]))}
    )
    itself = await client.patch(
        f"/v1/segments/{first['id']}", json={"rule": rule(("segments", "memberOf", [first["id"]]))}
    )

    assert await faults(closing) == [("#/rule", "segment_cycle")]
    assert await faults(itself) == [("#/rule", "segment_cycle")]


async def test_a_segment_that_another_refers_to_cannot_go(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    first = await new_segment(client, "Un")
    second = await new_segment(client, "Deux", rule(("segments", "memberOf", [first["id"]])))

    refused = await client.delete(f"/v1/segments/{first['id']}")
    for segment in (second, first):
        assert (await client.delete(f"/v1/segments/{segment['id']}")).status_code == 204

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert [name for name, _ in await events(owner)][-2:] == ["segment.deleted", "segment.deleted"]
    assert (await client.get(f"/v1/segments/{first['id']}")).status_code == 404
    assert (await client.get("/v1/segments")).json()["items"] == []
    await new_segment(client, "Un")


async def test_built_in_segments_are_listed_and_read_only(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID
) -> None:
    built_in = await insert(
        owner, "segment", {"workspace_id": workspace, "key": "abc_a", "name": "Classe A", "rule": BIG}, returning="id"
    )
    own = await new_segment(client, "Le mien")

    listed = (await client.get("/v1/segments")).json()["items"]
    only = (await client.get("/v1/segments", params={"built_in": "false"})).json()["items"]
    refused = [
        await client.patch(f"/v1/segments/{built_in}", json={"name": "X"}),
        await client.delete(f"/v1/segments/{built_in}"),
    ]

    assert [(item["name"], item["key"], item["built_in"]) for item in listed] == [
        ("Classe A", "abc_a", True), ("Le mien", None, False),
    ]  # fmt: skip
    assert [item["id"] for item in only] == [own["id"]]
    assert [(response.status_code, response.json()["code"]) for response in refused] == [(409, "built_in_segment")] * 2


async def test_a_preview_counts_and_shows_some_without_saving(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    for number in range(12):
        await new_customer(name=f"Élan {number:02}", tags=["vip"])
    await new_customer(name="Autre")

    plain = (await client.post("/v1/segments/preview", json={"rule": rule(("name", "beginsWith", "elan"))})).json()
    moving = (await client.post("/v1/segments/preview", json={"rule": rule(("created_at", "inLast", "P1D"))})).json()

    assert (plain["count"], len(plain["sample"]), plain["time_sensitive"]) == (12, 10, False)
    assert plain["sample"][0]["name"] == "Élan 00"
    assert (moving["count"], moving["time_sensitive"]) == (13, True)
    assert await owner.fetchval("select count(*) from segment") == 0


async def enter(
    owner: asyncpg.Connection, segment: Json, customer: Json, day: int = 1, change: str = "entered"
) -> None:
    at = datetime.fromisoformat(f"2026-03-{day:02}T10:00:00+00:00")
    row = {
        "workspace_id": await owner.fetchval("select id from workspace"),
        "segment_id": UUID(segment["id"]),
        "customer_id": UUID(customer["id"]),
        "reason": {"day": day},
    }
    await insert(owner, "segment_membership_history", {**row, "change": change, "at": at})
    if change == "entered":
        await insert(owner, "segment_membership", {**row, "definition_version": 1, "entered_at": at})


async def test_members_and_history_come_in_pages_with_their_reasons(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    segment, bystander = await new_segment(client), await new_segment(client, "Autre")
    customers = [await new_customer(name=f"Client {number}") for number in range(3)]
    for day, customer in enumerate(customers, start=1):
        await enter(owner, segment, customer, day)
    await enter(owner, bystander, customers[0], 9)
    path = f"/v1/segments/{segment['id']}"

    first = (await client.get(f"{path}/members", params={"sort": "-entered_at", "limit": 2})).json()
    rest = (
        await client.get(f"{path}/members", params={"sort": "-entered_at", "limit": 2, "cursor": first["next_cursor"]})
    ).json()
    history = (await client.get(f"{path}/history", params={"customer_id": customers[1]["id"]})).json()["items"]

    names = [(item["name"], item["reason"]) for item in first["items"] + rest["items"]]
    assert names == [("Client 2", {"day": 3}), ("Client 1", {"day": 2}), ("Client 0", {"day": 1})]
    assert [(item["change"], item["at"]) for item in history] == [("entered", "2026-03-02T10:00:00Z")]
    assert (await client.get(path)).json()["member_count"] == 3
    assert (await client.get(f"/v1/segments/{customers[0]['id']}/members")).status_code == 404


async def test_an_explanation_says_rule_by_rule_what_was_wanted_and_what_is(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    definition = {
        "combinator": "or",
        "rules": [
            {"field": "scores.revenue", "operator": ">=", "value": 2000},
            rule(("scores.churn_risk.signals", "contains", "overdue"), ("address.city", "in", "LYON,Paris")),
            {"field": "created_at", "operator": "olderThan", "value": "P1Y"},
        ],
    }
    segment = await new_segment(client, "Mixte", definition)
    customer = await new_customer(address={"city": "Lyon"})
    await computed(owner, customer)
    await enter(owner, segment, customer)

    answer = (await client.get(f"/v1/segments/{segment['id']}/explain", params={"customer_id": customer["id"]})).json()

    assert (answer["is_member"], answer["since"], answer["matches"]) == (True, "2026-03-01T10:00:00Z", True)
    created_at = answer["trace"][3].pop("actual")
    assert created_at == customer["created_at"]
    assert answer["trace"] == [
        {"pointer": "#/rule/rules/0", "field": "scores.revenue", "operator": ">=", "wanted": "2000",
         "actual": "1200.0000", "result": False},
        {"pointer": "#/rule/rules/1/rules/0", "field": "scores.churn_risk.signals", "operator": "contains",
         "wanted": "overdue", "actual": ["overdue"], "result": True},
        {"pointer": "#/rule/rules/1/rules/1", "field": "address.city", "operator": "in", "wanted": ["LYON", "Paris"],
         "actual": "Lyon", "result": True},
        {"pointer": "#/rule/rules/2", "field": "created_at", "operator": "olderThan", "wanted": "P12M",
         "result": False},
    ]  # fmt: skip


async def test_a_rep_sees_its_own_portfolio_in_every_answer_and_defines_nothing(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, new_key: NewKey
) -> None:
    user = await new_user(owner, workspace)
    mine, other = await new_customer(owner_id=str(user)), await new_customer()
    segment = await new_segment(client)
    for customer in (mine, other):
        await enter(owner, segment, customer)
    client.headers["Authorization"] = f"Bearer {await new_key('rep', user_id=user)}"
    path = f"/v1/segments/{segment['id']}"

    preview = (await client.post("/v1/segments/preview", json={"rule": rule(("kind", "=", "person"))})).json()

    assert (preview["count"], [item["id"] for item in preview["sample"]]) == (1, [mine["id"]])
    assert (await client.get(path)).json()["member_count"] == 1
    for part in ("members", "history"):
        items = (await client.get(f"{path}/{part}")).json()["items"]
        assert [item["customer_id"] for item in items] == [mine["id"]]
    explained = [
        (await client.get(f"{path}/explain", params={"customer_id": customer["id"]})).status_code
        for customer in (mine, other)
    ]
    assert explained == [200, 404]
    assert (await client.post("/v1/segments", json={"name": "X", "rule": BIG})).status_code == 403


async def test_the_segment_of_another_workspace_does_not_exist(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    stranger = await insert(
        owner, "workspace", {"name": "B", "timezone": "Europe/Paris", "currency": "EUR"}, returning="id"
    )
    theirs = await insert(owner, "segment", {"workspace_id": stranger, "name": "X", "rule": BIG}, returning="id")

    answers = [
        await client.get(f"/v1/segments/{theirs}"),
        await client.patch(f"/v1/segments/{theirs}", json={"name": "Y"}),
        await client.delete(f"/v1/segments/{theirs}"),
        await client.get(f"/v1/segments/{theirs}/history"),
    ]

    assert {response.status_code for response in answers} == {404}
