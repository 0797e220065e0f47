"""What the segmenter found, as callers read it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import computed, insert, new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]


async def test_every_figure_of_a_customer_is_answered_by_its_name(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(external_id="C1")
    await computed(owner, customer)

    answer = (await client.get(f"/v1/customers/{customer['id']}/scores")).json()

    assert answer["rfm"] == {
        "r": 5, "f": 4, "m": 5, "cell": "545", "segment": "champions", "segment_intervals": "others",
    }  # fmt: skip
    assert answer["engagement"] == {
        "delivered": 3, "opened": 1, "clicked": 0, "rate_pct": 33.333333, "click_rate_pct": 0.0, "social": 2,
    }  # fmt: skip
    assert answer["churn_risk"] == {"level": "medium", "signals": ["overdue"]}
    assert answer["high_potential"] == {"flag": False, "reasons": []}
    money = {name: answer[name] for name in ("revenue", "margin", "cost_to_serve", "contribution")}
    assert money == {"revenue": "1200.00", "margin": "500.00", "cost_to_serve": "20.00", "contribution": "480.00"}
    assert (answer["as_of"], answer["recency_days"], answer["dormant"]) == ("2026-03-15", 14, False)
    assert (answer["computed_at"], answer["classes_computed_at"]) == ("2026-03-15T08:00:00Z", "2026-03-15T08:00:05Z")
    assert (answer["external_id"], answer["lead_score"], answer["csat_last"]) == ("C1", 12.5, None)


async def test_outside_the_portfolio_relative_classes_are_null(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    await computed(owner, customer, portfolio=False, status="prospect", churn_level=None, last_purchase=None,
                   margin=None, delivered=0, opened=0)  # fmt: skip

    answer = (await client.get(f"/v1/customers/{customer['id']}/scores")).json()

    names = ("rank", "pareto", "abc_revenue", "rfm", "rfm_ntile", "churn_risk", "high_potential", "costly",
             "recency_days", "margin", "contribution", "classes_computed_at")  # fmt: skip
    assert {answer[name] for name in names} == {None}
    assert answer["engagement"]["rate_pct"] is None
    assert answer["status"] == "prospect"


async def test_a_customer_nobody_computed_yet_is_unknown_in_everything(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    customer = await new_customer()

    answer = (await client.get(f"/v1/customers/{customer['id']}/scores")).json()

    assert {value for name, value in answer.items() if name != "customer_id"} == {None}


async def test_amounts_have_the_decimals_of_the_workspace_currency(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    await owner.execute("update workspace set currency = 'JPY'")
    customer = await new_customer()
    await computed(owner, customer)

    assert (await client.get(f"/v1/customers/{customer['id']}/scores")).json()["revenue"] == "1200"


async def test_the_days_since_the_last_purchase_count_up_to_the_day_the_workspace_stands_at(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    await computed(owner, customer)
    await insert(owner, "ranking_state", {"workspace_id": workspace, "as_of": date(2026, 3, 20)})

    answer = (await client.get(f"/v1/customers/{customer['id']}/scores")).json()

    assert (answer["as_of"], answer["recency_days"]) == ("2026-03-20", 19)


async def record(owner: asyncpg.Connection, customer: dict[str, Any], day: str, **changed: Any) -> None:
    names = {name.replace("__", "."): value for name, value in changed.items()}
    workspace = await owner.fetchval("select id from workspace")
    await insert(owner, "score_history", {
        "workspace_id": workspace, "customer_id": UUID(customer["id"]), "as_of": date.fromisoformat(day),
        "recorded_at": datetime.fromisoformat(f"{day}T12:00:00+00:00"), "changed": names,
    })  # fmt: skip


async def test_a_past_day_answers_what_was_recorded_by_its_end(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer, bystander = await new_customer(), await new_customer()
    await record(owner, customer, "2026-01-10", status="active", abc_revenue="B", revenue="80.50", rfm__r=3, rfm__f=1,
                 rfm__m=2, last_purchase="2026-01-01")  # fmt: skip
    await record(owner, customer, "2026-02-01", abc_revenue="A", revenue="120.00")
    await record(owner, customer, "2026-03-01", abc_revenue="C", status="dormant")
    await record(owner, bystander, "2026-01-10", abc_revenue="C")
    path = f"/v1/customers/{customer['id']}/scores"

    answers = {
        day: (await client.get(path, params={"as_of": day})).json()
        for day in ("2026-01-09", "2026-01-10", "2026-02-28", "2026-03-01")
    }

    assert [answer["abc_revenue"] for answer in answers.values()] == [None, "B", "A", "C"]
    assert [answer["status"] for answer in answers.values()] == [None, "active", "active", "dormant"]
    february = answers["2026-02-28"]
    assert (february["revenue"], february["rfm"]["cell"], february["recency_days"]) == ("120.00", "312", 58)
    assert (february["as_of"], february["computed_at"]) == ("2026-02-28", "2026-02-01T12:00:00Z")


async def test_the_list_of_a_past_day_filters_by_what_stood_then(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    first, second = await new_customer(external_id="C1"), await new_customer(external_id="C2")
    await record(owner, first, "2026-01-10", rfm__r=5, rfm__segment="champions", abc_revenue="A")
    await record(owner, first, "2026-02-10", rfm__segment="at_risk")
    await record(owner, second, "2026-02-10", rfm__r=5, rfm__segment="champions")

    def found(day: str) -> dict[str, str]:
        return {"as_of": day, "rfm_segment": "champions", "fields": "rfm.segment"}

    january = (await client.get("/v1/scores", params=found("2026-01-31"))).json()["items"]
    february = (await client.get("/v1/scores", params=found("2026-02-10"))).json()["items"]

    assert [item["external_id"] for item in january] == ["C1"]
    assert [item["external_id"] for item in february] == ["C2"]


@pytest.mark.parametrize(
    ("parameters", "pointer", "code"),
    [
        ({"as_of": "2199-01-01"}, "?as_of", "bad_date"),
        ({"basis": "computed"}, "?basis", "basis_not_available"),
        ({"as_of": "yesterday"}, "?as_of", "bad_date"),
    ],
)
async def test_a_day_that_cannot_be_answered_is_refused(
    client: httpx.AsyncClient, new_customer: NewCustomer, parameters: dict[str, str], pointer: str, code: str
) -> None:
    customer = await new_customer()

    response = await client.get(f"/v1/customers/{customer['id']}/scores", params=parameters)

    assert response.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]


async def test_the_list_filters_sorts_pages_and_narrows(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    for number, (abc, revenue) in enumerate([("A", 900), ("A", 1000), ("B", 50)], start=1):
        await computed(owner, await new_customer(external_id=f"C{number}"), abc_revenue=abc, revenue=revenue)
    await new_customer(external_id="without figures")
    wanted = {"abc_revenue": "A", "sort": "-revenue", "limit": "1", "fields": "revenue,rfm.segment"}

    first = (await client.get("/v1/scores", params=wanted)).json()
    second = (await client.get("/v1/scores", params={**wanted, "cursor": first["next_cursor"]})).json()

    assert [item["external_id"] for item in first["items"] + second["items"]] == ["C2", "C1"]
    assert second["next_cursor"] is None
    item = first["items"][0]
    assert set(item) == {"customer_id", "external_id", "as_of", "computed_at", "classes_computed_at", "revenue", "rfm"}
    assert item["rfm"] == {"segment": "champions"}
    assert len((await client.get("/v1/scores")).json()["items"]) == 3


async def test_a_field_that_is_no_score_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/scores", params={"fields": "abc_revenue,mood"})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "?fields"


async def test_a_rep_sees_the_scores_of_its_own_portfolio_only(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, new_key: NewKey
) -> None:
    user = await new_user(owner, workspace)
    mine, other = await new_customer(owner_id=str(user)), await new_customer()
    for customer in (mine, other):
        await computed(owner, customer)
    client.headers["Authorization"] = f"Bearer {await new_key('rep', user_id=user)}"

    listed = (await client.get("/v1/scores")).json()["items"]

    assert [item["customer_id"] for item in listed] == [mine["id"]]
    for path in ("scores", "segments"):
        assert (await client.get(f"/v1/customers/{mine['id']}/{path}")).status_code == 200
        assert (await client.get(f"/v1/customers/{other['id']}/{path}")).status_code == 404


async def test_the_segments_of_a_customer_come_with_since_when_and_why(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer, bystander = await new_customer(), await new_customer()
    everybody = '{"combinator": "and", "rules": []}'
    segments = [
        await owner.fetchval(
            "insert into segment (workspace_id, name, key, rule) values ($1, $2, $3, $4) returning id",
            workspace, name, key, everybody,
        )
        for name, key in (("Grands comptes", None), ("Classe A", "abc_a"))
    ]  # fmt: skip
    for day, segment, who in ((1, 0, customer), (2, 1, customer), (3, 1, bystander)):
        await insert(owner, "segment_membership", {
            "workspace_id": workspace, "segment_id": segments[segment], "customer_id": UUID(who["id"]),
            "definition_version": 1, "entered_at": datetime.fromisoformat(f"2026-03-0{day}T10:00:00+00:00"),
            "reason": {"rules": day},
        })  # fmt: skip

    items = (await client.get(f"/v1/customers/{customer['id']}/segments")).json()["items"]

    assert [(item["name"], item["built_in"], item["entered_at"], item["reason"]) for item in items] == [
        ("Classe A", True, "2026-03-02T10:00:00Z", {"rules": 2}),
        ("Grands comptes", False, "2026-03-01T10:00:00Z", {"rules": 1}),
    ]
