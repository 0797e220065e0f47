"""Ids of nobody and of another workspace, in paths and in bodies, and references that are taken already."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.integration.api.one_portfolio import Portfolio, portfolio
from tests.integration.api.operations import JSON_WRITES, Operation, operations
from tests.integration.api.valid_bodies import VALID, Ids

__all__ = ["portfolio"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
NOBODY = str(UUID(int=7))
# Providers have no key of ours: their endpoints are tested with their samples.
WITH_ID = [found for found in operations() if found.parameters and found.needs_key]
BY_FIELD = {
    "customer_id": "customers", "owner_id": "users", "secondary_owner_ids": "users", "assignee_id": "users",
    "manager_id": "users", "user_id": "users", "product_id": "products", "team_id": "teams",
    "renewed_by_id": "contracts",
}  # fmt: skip
# Where a record names its customer once and for all, or names nobody.
CREATES = [found for found in JSON_WRITES if not found.path.endswith("/batch")]


def references(operation: Operation) -> list[str]:
    return [name for name in operation.schema["properties"] if name in BY_FIELD]


def with_reference(body: Json, name: str, id_: str) -> Json:
    return {**body, name: [id_] if name.endswith("_ids") else id_}


def cases(portfolio: Portfolio, operation: Operation) -> Iterator[tuple[str, Json]]:
    body = portfolio.valid(operation.name)
    for name in references(operation):
        for id_ in (NOBODY, portfolio.foreign[BY_FIELD[name]]):
            yield f"#/{name}", with_reference(body, name, id_)
    if "customer_external_id" in operation.schema["properties"]:
        rest = {name: value for name, value in body.items() if name != "customer_id"}
        for reference in ("nobody", portfolio.foreign["references"]):
            yield "#/customer_external_id", {**rest, "customer_external_id": reference}


@pytest.mark.parametrize("operation", [found for found in CREATES if references(found)], ids=lambda found: found.name)
async def test_an_unknown_or_foreign_id_in_a_body_is_refused_by_name(
    portfolio: Portfolio, operation: Operation
) -> None:
    before = await portfolio.state()

    seen = []
    for pointer, body in cases(portfolio, operation):
        response = await portfolio.client.request(operation.method, operation.at(portfolio.ids), json=body)
        problem = response.json()
        named = {fault["pointer"].rstrip("0").rstrip("/") for fault in problem.get("errors", [])}
        if response.status_code != 422 or pointer not in named:
            seen.append((pointer, response.status_code, response.text[:300]))

    assert seen == []
    assert await portfolio.state() == before


@pytest.mark.parametrize("operation", WITH_ID, ids=lambda found: found.name)
async def test_a_record_of_nobody_or_of_another_workspace_is_not_there(
    portfolio: Portfolio, operation: Operation
) -> None:
    """The answer is the same for both, whatever the verb; what is no id at all is a wrong parameter."""
    body = portfolio.valid(operation.name) if operation.name in VALID else None
    parameters = {"customer_id": portfolio.ids["customers"]} if operation.name == "explain_segment" else None
    before = await portfolio.state()
    nobody = dict.fromkeys(portfolio.ids, NOBODY) | {"imports": NOBODY}
    foreign: Ids = {"imports": NOBODY} | portfolio.foreign

    statuses = []
    for ids in (nobody, foreign, dict.fromkeys(nobody, "not-an-id"), dict.fromkeys(nobody, "%00")):
        response = await portfolio.client.request(operation.method, operation.at(ids), json=body, params=parameters)
        problem = response.json()
        statuses.append((response.status_code, problem["code"], response.headers["content-type"]))
        assert [fault["pointer"].partition(":")[0] for fault in problem["errors"]] in ([], ["path"])

    kind = "application/problem+json"
    assert statuses == [(404, "not_found", kind)] * 2 + [(422, "validation_failed", kind)] * 2
    assert await portfolio.state() == before


UNIQUE = [
    ("create_customer", "external_id"), ("create_contact", "external_id"), ("create_contract", "external_id"),
    ("create_opportunity", "external_id"), ("create_complaint", "external_id"), ("create_task", "external_id"),
    ("create_product", "external_id"), ("create_tag", "name"), ("create_team", "name"), ("create_user", "email"),
    ("create_segment", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), UNIQUE)
async def test_a_reference_that_is_taken_is_a_conflict_that_says_which(
    portfolio: Portfolio, name: str, field: str
) -> None:
    operation = next(found for found in JSON_WRITES if found.name == name)
    body = portfolio.valid(name)
    assert (await portfolio.client.post(operation.path, json=body)).status_code == 201
    before = await portfolio.state()

    again = await portfolio.client.post(operation.path, json=portfolio.valid(name) | {field: body[field]})

    problem = again.json()
    assert (again.status_code, [(fault["pointer"], fault["code"]) for fault in problem["errors"]]) == (
        409, [(f"#/{field}", "duplicate")],
    )  # fmt: skip
    assert await portfolio.state() == before


@pytest.mark.parametrize("name", ["record_interaction", "record_transaction", "record_survey_response"])
async def test_a_fact_that_is_known_is_answered_again_and_not_recorded_again(portfolio: Portfolio, name: str) -> None:
    operation = next(found for found in JSON_WRITES if found.name == name)
    body = portfolio.valid(name)
    first = await portfolio.client.post(operation.path, json=body)
    before = await portfolio.state()

    again = await portfolio.client.post(operation.path, json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await portfolio.state() == before


@pytest.mark.parametrize("text", ["\u202e Durand \u200f", "a\u0001\u001bb", "é\U0001f600\u200b"])
async def test_what_merely_looks_odd_is_kept_as_it_was_sent(portfolio: Portfolio, text: str) -> None:
    body = portfolio.valid("create_customer") | {"name": text, "custom_fields": {text: text}}

    customer = (await portfolio.client.post("/v1/customers", json=body)).json()

    assert (customer["name"], customer["custom_fields"]) == (text, {text: text})
