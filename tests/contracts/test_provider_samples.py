"""Recorded calls of providers: each is taken once, in whatever order and however often it arrives."""

import json
import random
from typing import Any

import asyncpg
import httpx
import pytest

from tests.contracts.conftest import SAMPLES, Deliver, Given

BREVO = ["request", "delivered", "unique_opened", "hard_bounce", "sms_delivered", "inbound_reply"]
AIRCALL = ["call.created", "call.answered", "call.ended", "transcription.created", "message.received"]
CASES = [*(f"brevo/{case}" for case in BREVO), *(f"aircall/{case}" for case in AIRCALL)]
CRM_REFERENCE = "<crm.8841.c7f2@mail.example.com>"

EXPECTED_EVENTS = {
    "brevo/request": ("email.sent", "2026-11-12T09:59:00+00:00", CRM_REFERENCE),
    "brevo/delivered": ("email.delivered", "2026-11-12T09:59:20+00:00", CRM_REFERENCE),
    "brevo/unique_opened": ("email.opened", "2026-11-12T09:59:30+00:00", CRM_REFERENCE),
    "brevo/hard_bounce": ("email.bounced", "2026-11-12T09:59:40+00:00", CRM_REFERENCE),
    "brevo/sms_delivered": ("sms.delivered", "2026-11-12T09:59:40+00:00", "9070551"),
    "brevo/inbound_reply": ("email.replied", "2026-11-12T09:59:08+00:00",
                            "202611120958.8841c7f2@smtp-relay.mailin.fr"),
    "aircall/call.created": ("call.started", "2026-11-12T09:53:20+00:00", "aircall:118800123"),
    "aircall/call.answered": ("call.answered", "2026-11-12T09:53:32+00:00", "aircall:118800123"),
    "aircall/call.ended": ("call.ended", "2026-11-12T09:58:32+00:00", "aircall:118800123"),
    "aircall/transcription.created": ("call.transcript_ready", "2026-11-12T09:59:59+00:00", "aircall:118800123"),
    "aircall/message.received": ("sms.received", "2026-11-12T09:59:55+00:00",
                                 "aircall:14e1aff6-8c18-4468-a26a-c511ed3f8524"),
}  # fmt: skip


async def everything(owner: asyncpg.Connection) -> dict[str, Any]:
    """What the samples leave behind, without ids and times of ours."""
    events = "select kind, customer_id, message_ref, occurred_at, suspected_bot from message_event order by 1, 4"
    interactions = (
        "select kind, external_id, customer_id, direction, occurred_at, duration_seconds, subject, body, message_id,"
        " user_id, metadata from interaction order by external_id"
    )
    told = "select type, customer_id, count(*) from outbox where type !~ '^customer' group by 1, 2 order by 1, 2"
    return {
        "events": [tuple(row) for row in await owner.fetch(events)],
        "interactions": [tuple(row) for row in await owner.fetch(interactions)],
        "suppressed": [tuple(row) for row in await owner.fetch("select channel, address, reason from suppression")],
        "told": [tuple(row) for row in await owner.fetch(told)],
    }


@pytest.mark.parametrize("case", CASES)
async def test_a_sample_is_understood_and_a_redelivery_changes_nothing(
    case: str, deliver: Deliver, given: Given, owner: asyncpg.Connection
) -> None:
    first = await deliver(case)
    after_first = await everything(owner)
    again = await deliver(case)

    assert (first.status_code, first.json()) == (200, {"received": 1, "new": 1})
    assert (again.status_code, again.json()) == (200, {"received": 1, "new": 0})
    kind, occurred_at, reference = EXPECTED_EVENTS[case]
    row = await owner.fetchrow("select * from message_event")
    assert (row["kind"], row["occurred_at"].isoformat(), row["message_ref"]) == (kind, occurred_at, reference)
    whose = None if case == "aircall/transcription.created" else given.camille
    assert (row["customer_id"] and str(row["customer_id"])) == whose
    assert await everything(owner) == after_first


async def test_all_samples_together_leave_one_call_one_reply_one_text_and_a_suppressed_address(
    deliver: Deliver, given: Given, owner: asyncpg.Connection, client: httpx.AsyncClient
) -> None:
    for case in CASES:
        await deliver(case)

    listing = await client.get("/v1/interactions", params={"customer_id": given.camille})
    found = {row["kind"]: row for row in listing.json()["items"]}
    assert set(found) == {"email_sent", "email_replied", "call", "sms"}
    call = found["call"]
    assert (call["direction"], call["duration_seconds"], call["occurred_at"]) == (
        "inbound", 300, "2026-11-12T09:53:20Z",
    )  # fmt: skip
    assert (call["user_id"], call["external_id"]) == (given.agent, "aircall:118800123")
    assert call["metadata"]["ring_seconds"] == 12
    assert call["metadata"]["recording_url"] == "https://assets.example.com/calls/118800123/recording.mp3?sig=abc"
    assert call["body"] == "— Acme bonjour, Nadia à l'appareil.\n> Bonjour, c'est pour le devis 8841."
    assert found["email_replied"]["body"] == "D'accord pour jeudi 14h."
    assert found["sms"]["body"] == "OUI je confirme le rendez-vous"
    suppressed = [tuple(row) for row in await owner.fetch("select channel, address, reason from suppression")]
    assert suppressed == [("email", "camille.durand@client.example.com", "hard_bounce")]
    told = {row["type"] for row in await owner.fetch("select type from outbox where type !~ '^customer'")}
    assert told == {
        "interaction.recorded", "message.delivered", "message.opened", "message.bounced", "message.replied",
        "call.ended",
    }  # fmt: skip
    bystander = await client.get("/v1/interactions", params={"customer_id": given.bystander})
    assert bystander.json()["items"] == []


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_and_any_number_of_repeats_end_the_same(
    seed: int, deliver: Deliver, owner: asyncpg.Connection
) -> None:
    for case in random.Random(seed).sample(CASES * 2, len(CASES) * 2):
        assert (await deliver(case)).status_code == 200
    shuffled = await everything(owner)
    await owner.execute("delete from message_event")
    await owner.execute("delete from suppression")
    await owner.execute("delete from interaction where external_id <> 'msg_8841'")
    await owner.execute("delete from outbox where type !~ '^customer' and data->>'kind' is distinct from 'email_sent'")

    for case in CASES:
        await deliver(case)

    assert shuffled == await everything(owner)


async def test_the_token_of_aircall_is_not_stored(deliver: Deliver, owner: asyncpg.Connection) -> None:
    await deliver("aircall/call.ended")

    payload = await owner.fetchval("select payload::text from message_event")
    assert "acgiven5c7b24b614e315ad" not in payload
    assert json.loads(payload)["data"]["id"] == 118800123


@pytest.mark.parametrize("case", ["brevo/delivered", "aircall/call.ended"])
async def test_a_wrong_credential_is_refused_and_nothing_is_kept(
    case: str, deliver: Deliver, owner: asyncpg.Connection
) -> None:
    body = (SAMPLES / f"{case}.json").read_bytes().replace(b"acgiven5c7b24b614e315ad", b"acgiven5c7b24b614e315ae")

    refused = await deliver(case, body=body, Authorization="Bearer brevo-given-aa272a161e0ec7e582a6200c")

    assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
    assert await owner.fetchval("select count(*) from message_event") == 0


@pytest.mark.parametrize("case", ["brevo/delivered", "aircall/call.ended"])
async def test_what_is_not_json_is_refused_as_such(case: str, deliver: Deliver) -> None:
    refused = await deliver(case, body=b"event=delivered")

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_json")


async def test_an_unknown_endpoint_or_another_providers_is_not_there(
    deliver: Deliver, given: Given, app_client: httpx.AsyncClient
) -> None:
    path = given.endpoints["brevo"].removeprefix("http://127.0.0.1:8000")
    elsewhere = path[:-4] + "0000"

    for wrong in (elsewhere, path.replace("brevo", "aircall"), path.replace("brevo", "pigeon")):
        assert (await app_client.post(wrong, content=b"{}")).status_code == 404


async def test_a_batch_of_brevo_is_taken_event_by_event(
    deliver: Deliver, given: Given, owner: asyncpg.Connection
) -> None:
    bodies = [(SAMPLES / f"brevo/{case}.json").read_bytes() for case in ("request", "delivered", "unique_opened")]

    taken = await deliver(
        "brevo/delivered", body=b"[" + b",".join([*bodies, b'{"event":"list_addition"}', b"7"]) + b"]"
    )

    assert (taken.status_code, taken.json()) == (200, {"received": 5, "new": 5})
    kinds = [row["kind"] for row in await owner.fetch("select kind from message_event order by kind")]
    assert kinds == ["email.delivered", "email.opened", "email.sent", "unknown", "unknown"]


async def test_a_machine_that_opens_is_stored_and_told_to_nobody(
    deliver: Deliver, given: Given, owner: asyncpg.Connection
) -> None:
    opened = json.loads((SAMPLES / "brevo/unique_opened.json").read_bytes())

    await deliver("brevo/unique_opened", body=json.dumps(opened | {"event": "proxy_open"}).encode())
    await deliver("brevo/unique_opened", body=json.dumps(opened | {"event": "click", "ts_event": 1794477561}).encode())
    await deliver("brevo/delivered")

    rows = await owner.fetch("select kind, suspected_bot from message_event order by kind")
    assert [tuple(row) for row in rows] == [
        ("email.clicked", True), ("email.delivered", False), ("email.opened", True),
    ]  # fmt: skip
    assert await owner.fetchval("select count(*) from outbox where type = 'message.opened'") == 0


async def test_an_unsubscription_and_a_complaint_stop_the_address(
    deliver: Deliver, given: Given, owner: asyncpg.Connection
) -> None:
    mail = json.loads((SAMPLES / "brevo/delivered.json").read_bytes())

    await deliver("brevo/delivered", body=json.dumps(mail | {"event": "unsubscribed"}).encode())
    await deliver("brevo/delivered", body=json.dumps(mail | {"event": "spam"}).encode())

    consents = await owner.fetch("select customer_id::text, purpose, channel, status, source from consent")
    assert [tuple(row) for row in consents] == [(given.camille, "marketing", "email", "withdrawn", "brevo")]
    assert await owner.fetchval("select reason from suppression") == "complaint"
    told = [row["type"] for row in await owner.fetch("select type from outbox order by id")]
    assert told[-3:] == ["consent.recorded", "customer.unsubscribed", "message.complained"]


async def test_a_number_that_several_customers_share_is_nobodys(
    deliver: Deliver, given: Given, client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await client.patch(f"/v1/customers/{given.bystander}", json={"phone": "+33639980123"})

    taken = await deliver("aircall/call.ended")

    assert taken.status_code == 200
    assert await owner.fetchval("select customer_id from message_event") is None
    assert await owner.fetchval("select count(*) from interaction where kind = 'call'") == 0


async def test_a_mail_to_two_people_is_told_apart_by_the_address(
    deliver: Deliver, given: Given, client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    same = {"kind": "email_sent", "message_id": CRM_REFERENCE, "customer_id": given.bystander}
    await client.post("/v1/interactions", json=same)
    opened = json.loads((SAMPLES / "brevo/unique_opened.json").read_bytes())
    custom = json.dumps({"message_id": CRM_REFERENCE})
    hers = opened | {"email": "LEA.Moreau@client.example.com", "X-Mailin-custom": custom}

    await deliver("brevo/unique_opened", body=json.dumps(hers).encode())

    row = await owner.fetchrow("select customer_id::text, message_ref from message_event")
    assert tuple(row) == (given.bystander, CRM_REFERENCE)


async def test_an_automatic_answer_is_no_reply(deliver: Deliver, given: Given, owner: asyncpg.Connection) -> None:
    reply = json.loads((SAMPLES / "brevo/inbound_reply.json").read_bytes())
    reply["items"][0]["Headers"]["Auto-Submitted"] = "auto-replied"

    await deliver("brevo/inbound_reply", body=json.dumps(reply).encode())

    assert await owner.fetchval("select kind from message_event") == "email.autoresponded"
    assert await owner.fetchval("select count(*) from interaction") == 1


async def test_a_failure_of_ours_makes_brevo_try_again(
    deliver: Deliver, given: Given, owner: asyncpg.Connection
) -> None:
    await owner.execute("alter table message_event rename to hidden")

    brevo, aircall = await deliver("brevo/delivered"), await deliver("aircall/call.ended")

    assert (brevo.status_code, brevo.headers["Retry-After"]) == (429, "60")
    assert aircall.status_code >= 500
    await owner.execute("alter table hidden rename to message_event")
    assert (await deliver("brevo/delivered")).json() == {"received": 1, "new": 1}


async def test_a_body_over_one_mebibyte_is_refused(deliver: Deliver) -> None:
    refused = await deliver("brevo/delivered", body=b'{"event":"' + b"x" * 1024 * 1024 + b'"}')

    assert refused.status_code == 413
