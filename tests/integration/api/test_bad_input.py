"""Bad input through every operation that writes JSON, read from the OpenAPI document: refused, named, without a trace.

A new operation needs a valid body in `valid_bodies.py`, and is then covered like all others.
"""

from typing import Any

import httpx
import orjson
import pytest

from tests.integration.api.mutations import Mutation, mutations
from tests.integration.api.one_portfolio import Portfolio, portfolio
from tests.integration.api.operations import BATCHES, JSON_WRITES, Operation
from tests.integration.api.valid_bodies import ROW_OF, VALID, valid_body

__all__ = ["portfolio"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
NUMBER = 7_654_321
EVERY = pytest.mark.parametrize("operation", JSON_WRITES, ids=lambda found: found.name)


def remark(response: httpx.Response, mutation: Mutation) -> str | None:
    """What is wrong with the refusal of a mutation; None if nothing."""
    seen = f"{mutation.pointer} = {mutation.wrong}: {response.status_code} {response.text[:300]}"
    if not 400 <= response.status_code < 500:
        return f"not refused: {seen}"
    if response.headers["content-type"] != "application/problem+json":
        return f"no problem: {seen}"
    problem = response.json()
    faults = problem["errors"]
    if problem["status"] != response.status_code or not problem["code"] or not all(fault["code"] for fault in faults):
        return f"no code: {seen}"
    return None if mutation.is_named_by([fault["pointer"] for fault in faults]) else f"not named: {seen}"


async def send(portfolio: Portfolio, operation: Operation, body: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return await portfolio.client.request(operation.method, operation.at(portfolio.ids), content=body, headers=headers)


async def test_every_operation_that_writes_json_has_a_valid_body() -> None:
    assert sorted(VALID) == sorted(operation.name for operation in JSON_WRITES)


@EVERY
async def test_a_wrong_field_is_refused_by_name_and_leaves_no_trace(portfolio: Portfolio, operation: Operation) -> None:
    before = await portfolio.state()

    remarks = [
        remark(await send(portfolio, operation, mutation.body), mutation)
        for mutation in mutations(operation.schema, portfolio.valid(operation.name))
        if operation not in BATCHES or not mutation.pointer.startswith("#/items/")
    ]

    assert [found for found in remarks if found] == []
    assert await portfolio.state() == before


# Nothing moves a sandbox's clock here: the answer to `advance_test_clock` would wait for it.
@pytest.mark.parametrize(
    "operation", [found for found in JSON_WRITES if found.name != "advance_test_clock"], ids=lambda found: found.name
)
async def test_the_same_body_without_the_fault_is_accepted(portfolio: Portfolio, operation: Operation) -> None:
    response = await portfolio.client.request(
        operation.method, operation.at(portfolio.ids), json=portfolio.valid(operation.name)
    )

    assert response.is_success, response.text


@pytest.mark.parametrize("operation", BATCHES, ids=lambda found: found.name)
async def test_a_bad_row_is_answered_in_its_row_and_its_neighbours_are_in(
    portfolio: Portfolio, operation: Operation
) -> None:
    single = ROW_OF[operation.name]
    schema = next(found.schema for found in JSON_WRITES if found.name == single)
    bad = [each for each in mutations(schema, valid_body(single, portfolio.ids, NUMBER)) if each.is_json]
    bad += [Mutation("#", wrong, wrong.encode()) for wrong in ("12", "null", '"row"', "[]", "{}")]
    good = [portfolio.valid(single) for _ in range(2)]

    for start in range(0, len(bad), 900):
        rows = bad[start : start + 900]
        response = await send(portfolio, operation, _batch(good[0], rows, good[1]))
        assert response.status_code == 200, response.text[:500]
        answers = response.json()["items"]
        assert [answers[0]["errors"], answers[-1]["errors"]] == [[], []]
        assert [found for found in map(_row_remark, rows, answers[1:-1]) if found] == []


def _batch(first: dict[str, Any], rows: list[Mutation], last: dict[str, Any]) -> bytes:
    """Each row with a reference of its own, because a repeat would be answered as such."""
    wrong = [row.body.replace(b"-%d" % NUMBER, b"-%d" % (NUMBER + index)) for index, row in enumerate(rows)]
    return b'{"items": [' + b",".join([orjson.dumps(first), *wrong, orjson.dumps(last)]) + b"]}"


def _row_remark(row: Mutation, answer: dict[str, Any]) -> str | None:
    pointers = [fault["pointer"] for fault in answer["errors"]]
    right = answer["status"] == 422 and answer["id"] is None
    named = row.is_named_by(pointers) or (row.pointer == "#" and pointers)
    return None if right and named else f"{row.pointer} = {row.wrong}: {answer}"
