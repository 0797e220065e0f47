"""Texts for messages: what is saved can be filled in."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.conftest import NewKey
from tests.integration.api.figures import insert, new_user

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
Json = dict[str, Any]
LETTER: Json = {
    "name": "Relance",
    "subject": "{{ customer.name }}, des nouvelles",
    "body_text": "Bonjour {{ customer.name }},\n\n{{ owner.name }} de {{ workspace.name }}\n",
    "body_html": "<p>Bonjour {{ customer.name }}, {{ customer.city or 'où que vous soyez' }}</p>",
}


async def saved(client: httpx.AsyncClient, **fields: Any) -> Json:
    response = await client.post("/v1/templates", json=LETTER | fields)
    assert response.status_code == 201, response.text
    found: Json = response.json()
    return found


async def test_a_template_is_saved_changed_and_put_away(client: httpx.AsyncClient) -> None:
    template = await saved(client)
    path = f"/v1/templates/{template['id']}"

    changed = await client.patch(path, json={"subject": "Bonjour"}, headers={"If-Match": '"1"'})
    stale = await client.patch(path, json={"subject": "Bonsoir"}, headers={"If-Match": '"1"'})

    assert (template["channel"], template["language"], template["body_text"]) == ("email", "fr", LETTER["body_text"])
    assert (changed.json()["subject"], changed.json()["version"], stale.status_code) == ("Bonjour", 2, 412)
    assert [item["id"] for item in (await client.get("/v1/templates?channel=email")).json()["items"]] == [
        template["id"]
    ]
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"body_text": "{{ customer.first_name }}"}, ("#/body_text", "unknown_variable")),
        ({"subject": "{{ customer.name"}, ("#/subject", "bad_template")),
        ({"body_html": "{{ 'a' * 1000000000 }}"}, ("#/body_html", "bad_template")),
        ({"subject": None}, ("#/subject", "required")),
        ({"channel": "sms", "subject": None}, ("#/body_html", "bad_value")),
    ],
)
async def test_what_could_not_be_filled_in_is_refused_with_its_place(
    client: httpx.AsyncClient, owner: asyncpg.Connection, fields: Json, fault: tuple[str, str]
) -> None:
    response = await client.post("/v1/templates", json=LETTER | fields)

    assert response.status_code == 422
    assert [(item["pointer"], item["code"]) for item in response.json()["errors"]] == [fault]
    assert await owner.fetchval("select count(*) from template") == 0


async def test_a_preview_is_the_text_as_that_customer_would_get_it(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    user = await new_user(owner, workspace, name="Alix Petit")
    template = await saved(client)
    customer = await new_customer(name="Durand & fils", owner_id=str(user))

    preview = await client.post(f"/v1/templates/{template['id']}/preview", json={"customer_id": customer["id"]})
    nobody = await client.post(f"/v1/templates/{template['id']}/preview", json={"customer_id": template["id"]})

    assert preview.json() == {
        "subject": "Durand & fils, des nouvelles",
        "body_text": "Bonjour Durand & fils,\n\nAlix Petit de Acme\n",
        "body_html": "<p>Bonjour Durand &amp; fils, où que vous soyez</p>",
    }
    assert (nobody.status_code, nobody.json()["errors"][0]["code"]) == (422, "unknown_customer")


async def test_a_template_that_a_sequence_sends_cannot_go(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID
) -> None:
    template = await saved(client)
    sequence = await insert(
        owner, "sequence", {"workspace_id": workspace, "name": "S", "trigger_type": "manual"}, returning="id"
    )
    steps = {"steps": [{"id": "b", "type": "branch", "then": [{"type": "email", "template_id": template["id"]}]}]}
    await insert(
        owner,
        "sequence_version",
        {"workspace_id": workspace, "sequence_id": sequence, "definition_version": 1, "definition": steps},
    )

    refused = await client.delete(f"/v1/templates/{template['id']}")

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")


async def test_a_rep_reads_templates_but_does_not_write_them(client: httpx.AsyncClient, new_key: NewKey) -> None:
    template = await saved(client)
    client.headers["Authorization"] = f"Bearer {await new_key('rep')}"

    assert (await client.get(f"/v1/templates/{template['id']}")).status_code == 200
    assert (await client.post("/v1/templates", json=LETTER | {"name": "X"})).status_code == 403
