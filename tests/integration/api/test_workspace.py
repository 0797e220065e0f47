"""The workspace's own settings, and the clock of a sandbox."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.api.workspace import waiting
from tests.integration.api.conftest import NewKey

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Json = dict[str, Any]


async def told(owner: asyncpg.Connection) -> list[list[str]]:
    statement = "select data::jsonb -> 'fields' f from outbox where type = 'workspace.updated' order by id"
    rows = await owner.fetch(statement)
    return [json.loads(row["f"]) for row in rows]


async def test_a_workspace_shows_every_threshold_as_it_applies(client: httpx.AsyncClient, workspace: UUID) -> None:
    answer = (await client.get("/v1/workspace")).json()

    assert {name: answer[name] for name in ("id", "name", "timezone", "currency", "language", "sandbox")} == {
        "id": str(workspace), "name": "Acme", "timezone": "Europe/Paris", "currency": "EUR", "language": "fr",
        "sandbox": False,
    }  # fmt: skip
    settings = answer["settings"]
    assert (settings["dormant_days"], settings["abc_cum_pct"], settings["risk"]["nps"]) == (180, [80, 95], 6)
    assert (answer["quiet_hours"], answer["require_if_match"], answer["version"]) == (None, False, 1)


async def test_thresholds_change_one_by_one_and_go_back_to_their_default(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    first = await client.patch("/v1/workspace", json={"settings": {"dormant_days": 90, "risk": {"nps": 5}}})
    second = await client.patch("/v1/workspace", json={"settings": {"risk": {"csat": 1}}})
    third = await client.patch("/v1/workspace", json={"settings": {"dormant_days": None, "risk": {"nps": None}}})
    same = await client.patch("/v1/workspace", json={"settings": {"risk": {"csat": 1}}})

    def seen(response: httpx.Response) -> tuple[int, int, int, int]:
        body = response.json()
        risk = body["settings"]["risk"]
        return body["settings"]["dormant_days"], risk["nps"], risk["csat"], body["version"]

    assert [seen(item) for item in (first, second, third, same)] == [
        (90, 5, 2, 2), (90, 5, 1, 3), (180, 6, 1, 4), (180, 6, 1, 4),
    ]  # fmt: skip
    assert await told(owner) == [["settings"]] * 3


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"settings": {"mood": 1}}, ("#/settings/mood", "unknown_setting")),
        ({"settings": {"dormant_days": 0}}, ("#/settings/dormant_days", "out_of_range")),
        ({"settings": {"abc_cum_pct": [95, 80]}}, ("#/settings/abc_cum_pct", "bad_order")),
        ({"settings": {"risk": 5}}, ("#/settings/risk", "bad_object")),
        ({"settings": {"quiet_hours": {}}}, ("#/settings/quiet_hours", "unknown_setting")),
        ({"timezone": "Europe/Atlantis"}, ("#/timezone", "bad_value")),
        ({"currency": None}, ("#/currency", "required")),
        ({"quiet_hours": {"from": "25:00", "to": "08:00"}}, ("#/quiet_hours/from", "bad_value")),
    ],
)
async def test_what_nobody_can_apply_is_refused_with_its_place(
    client: httpx.AsyncClient, owner: asyncpg.Connection, change: Json, fault: tuple[str, str]
) -> None:
    response = await client.patch("/v1/workspace", json=change)

    assert response.status_code == 422
    assert [(item["pointer"], item["code"]) for item in response.json()["errors"]] == [fault]
    assert await told(owner) == []


async def test_the_currency_is_fixed_once_a_transaction_exists(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    before = await client.patch("/v1/workspace", json={"currency": "CHF", "timezone": "Europe/Zurich"})
    customer = await new_customer()
    sale = {"customer_id": customer["id"], "kind": "sale", "amount": "10", "occurred_at": "2026-03-01T10:00:00Z"}
    assert (await client.post("/v1/transactions", json=sale)).status_code == 201

    after = await client.patch("/v1/workspace", json={"currency": "EUR"})
    same = await client.patch("/v1/workspace", json={"currency": "CHF"})

    assert (before.json()["currency"], after.status_code, after.json()["code"]) == ("CHF", 409, "currency_in_use")
    assert same.status_code == 200
    assert await told(owner) == [["currency", "timezone"]]


async def test_a_workspace_may_insist_on_if_match(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    customer = await new_customer()
    path = f"/v1/customers/{customer['id']}"
    hours = {"from": "20:00", "to": "08:00"}
    changed = await client.patch("/v1/workspace", json={"require_if_match": True, "quiet_hours": hours})

    without = await client.patch(path, json={"name": "Durand"})
    with_it = await client.patch(path, json={"name": "Durand"}, headers={"If-Match": '"1"'})
    any_version = await client.patch(path, json={"name": "Dupont"}, headers={"If-Match": "*"})

    assert (changed.json()["require_if_match"], changed.json()["quiet_hours"]) == (True, hours)
    assert (without.status_code, without.json()["code"]) == (428, "precondition_required")
    assert [with_it.status_code, any_version.status_code] == [200, 200]


async def test_only_an_admin_changes_the_workspace_and_never_over_another_version(
    client: httpx.AsyncClient, new_key: NewKey
) -> None:
    stale = await client.patch("/v1/workspace", json={"name": "B"}, headers={"If-Match": '"7"'})
    client.headers["Authorization"] = f"Bearer {await new_key('manager')}"

    assert stale.status_code == 412
    assert (await client.patch("/v1/workspace", json={"name": "B"})).status_code == 403
    assert (await client.get("/v1/workspace")).json()["name"] == "Acme"


async def test_a_real_workspace_has_no_clock_of_its_own(client: httpx.AsyncClient) -> None:
    noon = "2025-03-31T12:00:00+02:00"
    answers = [
        await client.get("/v1/workspace/test-clock"),
        await client.put("/v1/workspace/test-clock", json={"now": noon}),
        await client.post("/v1/workspace/test-clock/advance", json={"to": noon}),
    ]

    assert [(item.status_code, item.json()["code"]) for item in answers] == [(404, "sandbox_only")] * 3


@pytest.fixture
async def sandbox(owner: asyncpg.Connection, workspace: UUID) -> UUID:
    await owner.execute("update workspace set sandbox = true where id = $1", workspace)
    return workspace


def about(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.usefixtures("sandbox")
async def test_a_sandbox_clock_is_set_forwards_and_backwards_and_every_write_follows_it(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    for moment in ("2031-01-01T00:00:00+00:00", "2025-03-31T12:00:00+02:00"):
        answer = (await client.put("/v1/workspace/test-clock", json={"now": moment})).json()
        assert timedelta(0) <= about(answer["now"]) - about(moment) < timedelta(seconds=5)
        assert answer["advancing_to"] is None

    assert (await new_customer())["created_at"].startswith("2025-03-31T10:00:0")
    assert (await client.get("/v1/workspace")).json()["version"] == 1
    assert await told(owner) == [["clock_offset", "clock_target"]] * 2


@pytest.mark.usefixtures("sandbox")
async def test_advancing_answers_when_the_scheduler_has_moved_the_clock_there(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await client.put("/v1/workspace/test-clock", json={"now": "2025-03-31T12:00:00+02:00"})

    answering = asyncio.create_task(
        client.post("/v1/workspace/test-clock/advance", json={"to": "2025-04-02T12:00:00+02:00"})
    )
    for _ in range(500):
        if await owner.fetchval("select clock_target from workspace") is not None:
            break
        await asyncio.sleep(0.02)
    waited = not answering.done()
    await owner.execute("update workspace set clock_offset = clock_target - now(), clock_target = null")
    response = await answering

    assert waited

    assert response.status_code == 200
    assert response.json()["now"].startswith("2025-04-02T10:00:0")
    assert response.json()["advancing_to"] is None


@pytest.mark.usefixtures("sandbox")
async def test_an_advance_that_takes_long_is_answered_with_where_it_goes(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting.answer_when_there, "__kwdefaults__", {"patience": 0.1})
    await client.put("/v1/workspace/test-clock", json={"now": "2025-03-31T12:00:00+02:00"})

    late = await client.post("/v1/workspace/test-clock/advance", json={"to": "2025-04-02T12:00:00+02:00"})
    back = await client.post("/v1/workspace/test-clock/advance", json={"to": "2025-03-30T12:00:00+02:00"})

    assert (late.status_code, late.json()["advancing_to"]) == (202, "2025-04-02T10:00:00Z")
    assert (back.status_code, back.json()["errors"][0]["code"]) == (422, "not_forward")
