"""A repeated request has one effect, whatever the route; a reader who has the newest version is told so."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.integration.api.one_portfolio import Portfolio, portfolio
from tests.integration.api.operations import JSON_WRITES, Operation, operations

__all__ = ["portfolio"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
# Their answers hold a secret, which is never remembered.
FORGETFUL = {"create_api_key", "create_inbound_endpoint"}
CREATES = [
    found for found in JSON_WRITES if found.method == "POST" and not found.parameters and found.name not in FORGETFUL
]
WRITES = [found for found in CREATES if found.name not in {"preview_segment", "advance_test_clock"}]
BY_NAME = pytest.mark.parametrize("operation", WRITES, ids=lambda found: found.name)


async def send(portfolio: Portfolio, operation: Operation, body: Any, key: str) -> httpx.Response:
    return await portfolio.client.post(operation.path, json=body, headers={"Idempotency-Key": key})


@BY_NAME
async def test_a_retry_gets_the_first_answer_and_nothing_happens_twice(
    portfolio: Portfolio, operation: Operation
) -> None:
    body, key = portfolio.valid(operation.name), f'"retry-{operation.name}"'
    first = await send(portfolio, operation, body, key)
    before = await portfolio.state()

    again = await send(portfolio, operation, body, key)

    assert first.is_success, first.text
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    for part in ("location", "etag", "content-type"):
        assert again.headers.get(part) == first.headers.get(part)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert await portfolio.state() == before


@BY_NAME
async def test_the_key_of_another_request_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    key = f"other-{operation.name}"
    assert (await send(portfolio, operation, portfolio.valid(operation.name), key)).is_success
    elsewhere = next(found for found in WRITES if found != operation)
    before = await portfolio.state()

    other_body = await send(portfolio, operation, portfolio.valid(operation.name) | {"external_id": "changed"}, key)
    other_route = await send(portfolio, elsewhere, portfolio.valid(elsewhere.name), key)

    assert [other_route.status_code, other_route.json()["code"]] == [422, "idempotency_mismatch"]
    assert other_body.status_code == 422
    assert await portfolio.state() == before


@BY_NAME
async def test_of_many_at_once_one_has_the_effect(portfolio: Portfolio, operation: Operation) -> None:
    """The others are told that it runs, or get its answer."""
    body, key = portfolio.valid(operation.name), f"race-{operation.name}"

    answers = await asyncio.gather(*(send(portfolio, operation, body, key) for _ in range(4)))

    done = [answer for answer in answers if answer.is_success]
    refused = {answer.json()["code"] for answer in answers if not answer.is_success}
    assert len({answer.content for answer in done}) == 1
    assert refused <= {"idempotency_conflict"}
    assert sum("idempotent-replayed" not in answer.headers for answer in done) == 1


async def test_an_attempt_that_failed_does_not_use_up_its_key(portfolio: Portfolio) -> None:
    headers = {"Idempotency-Key": "failed-once"}
    wrong = await portfolio.client.post("/v1/tags", json={"name": 5}, headers=headers)

    right = await portfolio.client.post("/v1/tags", json={"name": "Fidèle"}, headers=headers)

    assert (wrong.status_code, right.status_code) == (422, 201)


VERSIONED = [
    found for found in operations()
    if found.method == "GET" and len(found.parameters) == 1 and found.path.endswith("}") and found.name != "get_import"
]  # fmt: skip


@pytest.mark.parametrize("operation", VERSIONED, ids=lambda found: found.name)
async def test_a_reader_who_has_the_newest_version_is_told_so(portfolio: Portfolio, operation: Operation) -> None:
    path = operation.at(portfolio.ids)
    first = await portfolio.client.get(path)
    assert first.status_code == 200
    tag = first.headers.get("etag")
    if tag is None:  # Facts and statements never change: they have no version.
        assert "version" not in first.json()
        return

    same = [await portfolio.client.get(path, headers={"If-None-Match": given}) for given in (tag, f'"99", {tag}', "*")]
    other = await portfolio.client.get(path, headers={"If-None-Match": '"99"'})

    assert tag == f'"{first.json()["version"]}"'
    assert [(each.status_code, each.headers["etag"], each.content) for each in same] == [(304, tag, b"")] * 3
    assert (other.status_code, other.json()) == (200, first.json())
