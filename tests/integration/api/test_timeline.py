"""Everything that happened to a customer, newest first."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.arranging import add_user, bearer

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]

ELSEWHERE = """
insert into segment (workspace_id, id, name, rule) values ($1, '00000000-0000-7000-8000-000000000001', 'Fidèles', '{}');
"""
PASSAGES = """
insert into segment_membership_history (workspace_id, segment_id, customer_id, change, at, reason)
values ($1, '00000000-0000-7000-8000-000000000001', $2, 'entered', '2026-03-07T10:00:00Z', '{"rule": true}'),
       ($1, '00000000-0000-7000-8000-000000000001', $2, 'left', '2026-03-08T10:00:00Z', '{}')
"""
MESSAGES = """
insert into message (workspace_id, customer_id, channel, status, occurrence_key, message_ref, recipient, subject,
                     body_text, next_try_at, queued_at, sent_at)
values ($1, $2, 'email', 'sent', 'a', 'm-1', 'x@y.example', 'Bonjour', '', now(), now(), '2026-03-05T10:00:00Z'),
       ($1, $2, 'email', 'queued', 'b', 'm-2', 'x@y.example', 'Pas encore', '', now(), now(), null)
"""
OPENED = """
insert into message_event (workspace_id, provider, dedup_key, occurred_at, kind, customer_id, message_ref, payload)
values ($1, 'brevo', 'e-1', '2026-03-06T10:00:00Z', 'opened', $2, 'm-1', '{}')
"""


async def fill(client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, customer: str) -> None:
    """One thing of every kind on the days of March 2026, what has no instant of its own before them."""
    await owner.execute("update workspace set clock_offset = '2026-02-01T12:00:00Z'::timestamptz - now()")
    about = {"customer_id": customer}
    for path, body in (
        ("tasks", {"title": "Rappeler"}),
        ("contracts", {"name": "Support", "amount": "1200"}),
        ("opportunities", {"name": "Extension", "amount": "50"}),
        ("interactions", {"kind": "call", "subject": "Devis", "occurred_at": "2026-03-01T10:00:00Z"}),
        ("transactions", {"kind": "sale", "amount": "12.5", "occurred_at": "2026-03-02T10:00:00Z"}),
        ("complaints", {"subject": "Retard", "occurred_at": "2026-03-03T10:00:00Z"}),
        ("surveys/responses", {"kind": "nps", "score": 9, "answered_at": "2026-03-04T10:00:00Z"}),
    ):
        response = await client.post(f"/v1/{path}", json=about | body)
        assert response.status_code == 201, response.text
    await owner.execute(ELSEWHERE.replace("$1", f"'{workspace}'"))
    for statement in (MESSAGES, OPENED, PASSAGES):
        await owner.execute(statement, workspace, UUID(customer))


async def test_everything_is_there_newest_first(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer, other = await new_customer(), await new_customer()
    await client.post("/v1/interactions", json={"customer_id": other["id"], "kind": "call"})
    await fill(client, owner, workspace, customer["id"])

    timeline = (await client.get(f"/v1/customers/{customer['id']}/timeline")).json()

    assert [(item["kind"], item["title"]) for item in timeline["items"][:8]] == [
        ("segment_left", "Fidèles"), ("segment_entered", "Fidèles"), ("message_event", "opened"),
        ("message", "Bonjour"), ("survey_response", "nps"), ("complaint", "Retard"), ("transaction", "sale"),
        ("interaction", "Devis"),
    ]  # fmt: skip
    assert {item["kind"] for item in timeline["items"][8:]} == {"task", "contract", "opportunity"}
    assert timeline["items"][0]["occurred_at"] == "2026-03-08T10:00:00Z"
    amounts = [item["data"]["amount"] for item in timeline["items"] if "amount" in item["data"]]
    assert sorted(amounts) == ["12.50", "1200.00", "50.00"]
    assert (timeline["next_cursor"], timeline["prev_cursor"]) == (None, None)


@pytest.mark.parametrize("query", ["kind=message&kind=complaint", "kind=message,complaint"])
async def test_kinds_are_repeated_or_separated_by_commas(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer, query: str
) -> None:
    customer = await new_customer()
    await fill(client, owner, workspace, customer["id"])

    timeline = (await client.get(f"/v1/customers/{customer['id']}/timeline?{query}")).json()

    assert [item["kind"] for item in timeline["items"]] == ["message", "complaint"]


async def test_an_unknown_kind_or_the_cursor_of_another_timeline_is_refused(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer, other = await new_customer(), await new_customer()
    await fill(client, owner, workspace, customer["id"])
    cursor = (await client.get(f"/v1/customers/{customer['id']}/timeline?limit=1")).json()["next_cursor"]

    unknown = await client.get(f"/v1/customers/{customer['id']}/timeline?kind=gossip")
    foreign = await client.get(f"/v1/customers/{other['id']}/timeline?cursor={cursor}")
    filtered = await client.get(f"/v1/customers/{customer['id']}/timeline?kind=task&cursor={cursor}")

    assert unknown.status_code == 422
    assert {answer.json()["errors"][0]["code"] for answer in (foreign, filtered)} == {"bad_cursor"}


async def test_pages_neither_skip_nor_repeat_forwards_and_backwards_among_equal_instants(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    await owner.execute(
        "insert into interaction (workspace_id, customer_id, kind, occurred_at)"
        " select $1, $2, 'note', '2026-03-01T10:00:00Z' from generate_series(1, 7)",
        workspace,
        UUID(customer["id"]),
    )
    await fill(client, owner, workspace, customer["id"])
    place = f"/v1/customers/{customer['id']}/timeline"
    whole = (await client.get(place)).json()["items"]

    pages, url = [], f"{place}?limit=4"
    while url:
        pages.append((await client.get(url)).json())
        cursor = pages[-1]["next_cursor"]
        url = f"{place}?limit=4&cursor={cursor}" if cursor else ""
    back = (await client.get(f"{place}?limit=4&cursor={pages[2]['prev_cursor']}")).json()

    assert [item for page in pages for item in page["items"]] == whole
    assert len(whole) == 18
    assert back["items"] == pages[1]["items"]
    assert (back["next_cursor"], back["prev_cursor"]) == (pages[1]["next_cursor"], pages[1]["prev_cursor"])


async def test_a_customer_out_of_sight_has_no_timeline(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep = await add_user(owner, workspace)
    mine, foreign = await new_customer(owner_id=str(rep)), await new_customer()
    headers = bearer(await new_key("rep", user_id=rep))

    answers = [
        await client.get(f"/v1/customers/{customer['id']}/timeline", headers=headers) for customer in (mine, foreign)
    ]

    assert [answer.status_code for answer in answers] == [200, 404]
