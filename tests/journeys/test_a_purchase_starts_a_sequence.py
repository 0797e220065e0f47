"""The main job: a change comes in, the figures move, the automation acts, the mail arrives, and the answer counts."""

import json
import time
from typing import Any

import httpx
import pytest

from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System

pytestmark = pytest.mark.journey

SOON = 5.0  # Generous for a busy machine; the ordinary time is well below one second and measured by `make bench`.


def created(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code in {200, 201}, response.text
    found: dict[str, Any] = response.json()
    return found


def buyers_segment(api: httpx.Client) -> str:
    rule = {"combinator": "and", "rules": [{"field": "scores.orders", "operator": ">=", "value": 1}]}
    segment: str = created(api.post("/v1/segments", json={"name": "Acheteurs", "rule": rule}))["id"]
    return segment


def thank_you_sequence(api: httpx.Client, segment_id: str) -> str:
    template = {
        "name": "Merci", "channel": "email", "language": "fr", "subject": "Merci {{ customer.name }}",
        "body_text": "Bonjour {{ customer.name }}, merci pour votre achat.",
        "body_html": "<p>Bonjour {{ customer.name }}, merci pour votre achat.</p>",
    }  # fmt: skip
    template_id = created(api.post("/v1/templates", json=template))["id"]
    sequence = {
        "name": "Remerciement",
        "trigger": {"type": "segment_entered", "segment_id": segment_id},
        "steps": [
            {"id": "merci", "type": "email", "template_id": template_id},
            {"id": "appel", "type": "task", "title": "Appeler {{ customer.name }}", "assignee": "owner", "due": "P1D"},
        ],
    }
    sequence_id: str = created(api.post("/v1/sequences", json=sequence))["id"]
    return sequence_id


def scores_of(api: httpx.Client, customer_id: str) -> dict[str, Any]:
    response = api.get(f"/v1/customers/{customer_id}/scores")
    found: dict[str, Any] = response.json() if response.status_code == 200 else {}
    return found


def test_a_purchase_moves_scores_segment_mail_and_engagement(system: System, mailbox: Mailbox) -> None:
    api = system.api
    segment_id = buyers_segment(api)
    thank_you_sequence(api, segment_id)
    customer = created(
        api.post("/v1/customers", json={"kind": "company", "name": "Durand SARL", "email": "achats@durand.example.com"})
    )
    bystander = created(api.post("/v1/customers", json={"kind": "company", "name": "Autre SA"}))
    system.wait_until(lambda: scores_of(api, customer["id"]).get("status") == "prospect", SOON, "the first figures")

    bought = api.post(
        "/v1/transactions",
        json={"customer_id": customer["id"], "kind": "sale", "amount": "129.90"},
        headers={"X-Request-ID": "journey-purchase"},
    )

    assert bought.status_code == 201, bought.text
    system.wait_until(lambda: scores_of(api, customer["id"]).get("orders") == 1, SOON, "the new figures")
    scores = scores_of(api, customer["id"])
    assert (scores["revenue"], scores["status"]) == ("129.90", "active")
    system.wait_until(lambda: scores_of(api, customer["id"]).get("abc_revenue") == "A", SOON, "the relative classes")
    members = created(api.get(f"/v1/segments/{segment_id}/members"))["items"]
    assert [member["customer_id"] for member in members] == [customer["id"]]

    mails = system.wait_until(lambda: mailbox.to("achats@durand.example.com"), SOON, "the mail")
    assert [mail["Subject"] for mail in mails] == ["Merci Durand SARL"]
    assert mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/u/" in mails[0]["List-Unsubscribe"]
    tasks = system.wait_until(
        lambda: created(api.get("/v1/tasks", params={"customer_id": customer["id"]}))["items"], SOON, "the task"
    )
    assert [task["title"] for task in tasks] == ["Appeler Durand SARL"]
    assert scores_of(api, bystander["id"]).get("orders", 0) == 0

    system.wait_until(lambda: "message.sent" in caused_by(api, "journey-purchase"), SOON, "the mail's event")
    events = caused_by(api, "journey-purchase")
    assert events.index("transaction.recorded") < events.index("segment.entered") < events.index("message.sent")

    click(api, mails[0]["Message-ID"], "achats@durand.example.com")

    system.wait_until(
        lambda: scores_of(api, customer["id"]).get("engagement", {}).get("clicked") == 1, SOON, "the engagement"
    )
    assert scores_of(api, customer["id"])["engagement"]["rate_pct"] == 100


def caused_by(api: httpx.Client, correlation: str) -> list[str]:
    feed = created(api.get("/v1/changes", params={"limit": 200}))["items"]
    return [event["type"] for event in feed if event.get("correlationid") == correlation]


def click(api: httpx.Client, message_id: str, address: str) -> None:
    """What Brevo posts when a link was followed."""
    endpoint = created(
        api.post(
            "/v1/inbound-endpoints", json={"provider": "brevo", "name": "Brevo", "secret": "journey-secret-0123456"}
        )
    )
    event = {
        "event": "click", "email": address, "id": 1, "message-id": message_id, "ts_event": int(time.time()) + 60,
        "link": "https://example.com/offre",
    }  # fmt: skip
    response = httpx.post(
        f"{str(api.base_url).rstrip('/')}/v1/webhooks/in/brevo/{endpoint['id']}",
        content=json.dumps(event),
        headers={"Authorization": "Bearer journey-secret-0123456", "Content-Type": "application/json"},
    )
    assert response.status_code == 200, response.text
