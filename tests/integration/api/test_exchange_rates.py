"""Recording what foreign money was worth."""

from collections.abc import Awaitable, Callable

import asyncpg
import httpx

from tests.integration.api.arranging import bearer, told

NewKey = Callable[..., Awaitable[str]]


async def test_the_same_day_again_replaces_the_rate(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    body = {"date": "2026-03-01", "currency": "USD", "rate": "0.92"}

    first = await client.post("/v1/exchange-rates", json=body)
    same = await client.post("/v1/exchange-rates", json=body)
    other = await client.post("/v1/exchange-rates", json=body | {"rate": 0.93})

    assert [answer.status_code for answer in (first, same, other)] == [201, 200, 200]
    assert {answer.json()["id"] for answer in (same, other)} == {first.json()["id"]}
    assert (first.json()["rate"], other.json()["rate"]) == ("0.92", "0.93")
    rate = first.json()["id"]
    assert await told(owner, "exchange_rate.recorded") == [
        {"exchange_rate_id": rate, "currency": "USD", "date": "2026-03-01"},
        {"exchange_rate_id": rate, "currency": "USD", "date": "2026-03-01"},
    ]


async def test_a_batch_answers_each_row_and_the_last_of_a_day_counts(client: httpx.AsyncClient) -> None:
    await client.post("/v1/exchange-rates", json={"date": "2026-03-01", "currency": "GBP", "rate": "1.15"})
    rows = [
        {"date": "2026-03-01", "currency": "USD", "rate": "0.91"},
        {"date": "2026-03-01", "currency": "USD", "rate": "0.92"},
        {"date": "2026-03-01", "currency": "GBP", "rate": "1.16"},
        {"date": "2026-03-01", "currency": "EUR", "rate": "1"},
        {"date": "2026-03-01", "currency": "CHF", "rate": "0"},
        {"date": "2026-02-30", "currency": "CHF", "rate": "1"},
    ]

    answer = (await client.post("/v1/exchange-rates/batch", json={"items": rows})).json()

    assert [item["status"] for item in answer["items"]] == [200, 201, 200, 422, 422, 422]
    assert [item["errors"][0]["code"] for item in answer["items"][3:]] == ["bad_currency", "bad_rate", "bad_date"]
    assert (answer["created"], answer["updated"], answer["unchanged"], answer["rejected"]) == (1, 1, 1, 3)
    listed = (await client.get("/v1/exchange-rates?currency=USD")).json()["items"]
    assert [item["rate"] for item in listed] == ["0.92"]


async def test_the_list_is_newest_day_first_within_two_days(client: httpx.AsyncClient) -> None:
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        await client.post("/v1/exchange-rates", json={"date": day, "currency": "USD", "rate": "0.9"})

    listed = (await client.get("/v1/exchange-rates?date_from=2026-03-02&date_to=2026-03-03")).json()["items"]

    assert [item["date"] for item in listed] == ["2026-03-03", "2026-03-02"]


async def test_only_managers_write_rates_and_everybody_reads_them(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_key: NewKey
) -> None:
    body = {"date": "2026-03-01", "currency": "USD", "rate": "0.92"}

    as_rep = await client.post("/v1/exchange-rates", json=body, headers=bearer(await new_key("rep")))
    as_manager = await client.post("/v1/exchange-rates", json=body, headers=bearer(await new_key("manager")))
    read = await client.get("/v1/exchange-rates", headers=bearer(await new_key("readonly")))

    assert (as_rep.status_code, as_manager.status_code) == (403, 201)
    assert len(read.json()["items"]) == 1
