"""What a segment builder is offered."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]


async def fields(client: httpx.AsyncClient, language: str = "fr") -> dict[str, dict[str, Any]]:
    response = await client.get("/v1/metadata/fields", headers={"Accept-Language": language})
    assert response.status_code == 200, response.text
    return {field["name"]: field for field in response.json()["items"]}


async def test_a_class_is_offered_as_a_choice_with_labels_in_the_callers_language(client: httpx.AsyncClient) -> None:
    french, english = await fields(client), await fields(client, "en-GB")

    field = french["scores.pareto"]
    assert (field["valueEditorType"], field["inputType"], field["group"]) == ("select", None, "Valeur")
    assert field["values"] == [{"name": "big", "label": "Gros client"}, {"name": "small", "label": "Petit client"}]
    assert english["scores.pareto"]["values"][0] == {"name": "big", "label": "Big"}
    assert {"name": "changedFrom", "label": "changed from"} in english["scores.pareto"]["operators"]
    assert (field["defaultOperator"], field["valueSources"], field["description"]) == ("=", ["value", "field"], "S1")


async def test_numbers_dates_instants_lists_and_truths_get_the_editor_they_need(client: httpx.AsyncClient) -> None:
    offered = await fields(client)

    names = ("scores.revenue", "birth_date", "created_at", "tags", "scores.dormant", "scores.churn_risk.signals")
    editors = {name: (offered[name]["inputType"], offered[name]["valueEditorType"]) for name in names}
    assert editors == {
        "scores.revenue": ("number", "text"),
        "birth_date": ("date", "text"),
        "created_at": ("datetime-local", "text"),
        "tags": ("text", "text"),
        "scores.dormant": (None, "checkbox"),
        "scores.churn_risk.signals": (None, "multiselect"),
    }
    assert (offered["scores.revenue"]["unit"], offered["scores.revenue"]["indexed"]) == ("currency", True)
    assert (offered["name"]["nullable"], offered["tags"]["valueSources"]) == (False, ["value"])


async def test_custom_fields_in_use_are_offered_with_the_type_of_what_they_hold(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    await new_customer(
        custom_fields={"surface": 12, "tier": "gold", "since": "2020-01-02", "mixed": 1, "labels": ["a"]}
    )
    await new_customer(
        custom_fields={"surface": 40.5, "since": "2024-02-29", "mixed": "one", "vip": True, "empty": None}
    )
    stranger = await owner.fetchval(
        "insert into workspace (name, timezone, currency) values ('B', 'Europe/Paris', 'EUR') returning id"
    )
    await owner.execute(
        "insert into customer (workspace_id, kind, name, custom_fields) values ($1, 'person', 'X', '{\"secret\": 1}')",
        stranger,
    )

    offered = await fields(client)

    types = {name: field["type"] for name, field in offered.items() if name.startswith("custom_fields.")}
    assert types == {
        "custom_fields.labels": "list",
        "custom_fields.mixed": "text",
        "custom_fields.since": "date",
        "custom_fields.surface": "number",
        "custom_fields.tier": "text",
        "custom_fields.vip": "boolean",
    }
