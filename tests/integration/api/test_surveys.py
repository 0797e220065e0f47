"""Recording answers to surveys."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.integration.api.arranging import add_user, bearer, told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]
RESPONSES = "/v1/surveys/responses"


async def test_an_answer_is_recorded_with_its_event(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(external_id="C1")
    body = {"customer_external_id": "C1", "external_id": "s-1", "kind": "nps", "score": 9,
            "answered_at": "2026-03-01T10:00:00+01:00", "comment": "Très bien"}  # fmt: skip

    response = await client.post(RESPONSES, json=body)

    assert response.status_code == 201, response.text
    recorded = response.json()
    assert (recorded["customer_id"], recorded["score"], recorded["comment"]) == (customer["id"], 9, "Très bien")
    assert recorded["answered_at"] == "2026-03-01T09:00:00Z"
    assert await told(owner, "survey_response.recorded") == [
        {"customer_id": customer["id"], "survey_response_id": recorded["id"], "kind": "nps", "score": 9}
    ]
    assert (await client.get(f"{RESPONSES}/{recorded['id']}")).json() == recorded


async def test_a_repeated_reference_answers_the_first_row(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    body = {"customer_id": customer["id"], "external_id": "s-1", "kind": "csat", "score": 4}
    first = await client.post(RESPONSES, json=body)

    again = await client.post(RESPONSES, json=body | {"score": 1})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await owner.fetchval("select count(*) from survey_response") == 1


async def test_scores_off_their_scale_are_rejected_in_a_batch_without_stopping_the_others(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    await new_customer(external_id="C1")
    wrong: list[tuple[str, Any]] = [("nps", 11), ("nps", -1), ("nps", 7.5), ("nps", "x"), ("csat", 0), ("csat", 6),
                                    ("ces", 3)]  # fmt: skip
    rows: list[dict[str, Any]] = [{"customer_external_id": "C1", "kind": kind, "score": score} for kind, score in wrong]
    rows += [
        {"customer_external_id": "nobody", "kind": "nps", "score": 99},
        {"customer_external_id": "C1", "kind": "nps", "score": 0, "external_id": "a"},
        {"customer_external_id": "C1", "kind": "nps", "score": 10, "external_id": "a"},
        {"customer_external_id": "C1", "kind": "csat", "score": 5},
    ]

    answer = (await client.post(f"{RESPONSES}/batch", json={"items": rows})).json()

    assert [item["errors"][0]["code"] for item in answer["items"][:8]] == ["bad_score"] * 7 + ["unknown_customer"]
    assert [item["status"] for item in answer["items"][8:]] == [201, 200, 201]
    assert await owner.fetch("select kind, score from survey_response order by id") == [("nps", 0), ("csat", 5)]


async def test_a_rep_sees_the_answers_of_its_portfolio(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep = await add_user(owner, workspace)
    mine, foreign = await new_customer(owner_id=str(rep)), await new_customer()
    for customer in (mine, foreign):
        await client.post(RESPONSES, json={"customer_id": customer["id"], "kind": "nps", "score": 7})
    headers = bearer(await new_key("rep", user_id=rep))

    listed = (await client.get(RESPONSES, headers=headers)).json()["items"]

    assert [item["customer_id"] for item in listed] == [mine["id"]]
