"""The OpenAPI document changes on purpose only: clients are generated from it.

`UPDATE_SNAPSHOTS=1 pytest tests/contracts/test_openapi.py` writes the snapshot anew; the diff shows what clients see.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.routing import APIRoute
from schemathesis.core.result import Ok

from services.api.features import ROUTERS
from tests.integration.api.operations import document

SNAPSHOT = Path(__file__).parent / "openapi.json"
Schema = dict[str, Any]
# Rules live beside what they lead to; the path of an unsubscribe link is short because people see it.
FOLDERS = {"alert_rules": "alerts", "reminder_rules": "reminders", "u": "unsubscribe", "metrics": "health"}
PUBLIC = {"create_access_token", "receive_provider_events", "is_alive", "is_ready", "metrics"}


def operations() -> Iterator[tuple[str, str, Schema]]:
    for path, methods in document()["paths"].items():
        for method, found in methods.items():
            yield method.upper(), path, found


def enums(node: Any, place: str) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            yield place, node["enum"]
        for name, inner in node.items():
            yield from enums(inner, place if name in {"anyOf", "items", "schema"} else f"{place}.{name}")
    elif isinstance(node, list):
        for inner in node:
            is_parameter = isinstance(inner, dict) and "in" in inner
            yield from enums(inner, f"{place}.{inner['name']}" if is_parameter else place)


def seen() -> Schema:
    """What a client relies on: operations with their answers, fields with those that are required, values."""
    schemas = document()["components"]["schemas"]
    return {
        "operations": {
            f"{method} {path}": [found["operationId"], *sorted(found["responses"])]
            for method, path, found in operations()
        },
        "fields": {
            name: {field: field in schema.get("required", []) for field in schema["properties"]}
            for name, schema in sorted(schemas.items())
            if "properties" in schema
        },
        "enums": {
            place: values
            for name, schema in sorted(schemas.items())
            for place, values in enums(schema.get("properties", {}), name)
        }
        | {
            place: values
            for _, _, found in operations()
            for place, values in enums(found.get("parameters", []), found["operationId"])
        },
    }


def written(value: Schema) -> str:
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_lines(part)}" for name, part in value.items()) + "\n}\n"


def _lines(part: Schema) -> str:
    return "{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in part.items()) + "\n}"


def test_the_document_is_the_one_that_clients_were_generated_from() -> None:
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(written(seen()), encoding="utf-8")
    known = json.loads(SNAPSHOT.read_text(encoding="utf-8"))

    for part, found in seen().items():
        assert found == known[part]


def test_the_document_is_openapi_3_1_that_tools_can_read() -> None:
    loaded = schemathesis.openapi.from_dict(document())
    read = [result for result in loaded.get_all_operations() if isinstance(result, Ok)]

    assert document()["openapi"].startswith("3.1")
    assert len(read) == len(list(operations()))


def test_every_operation_has_an_id_of_its_own_a_summary_and_a_description() -> None:
    found = [each for _, _, each in operations()]

    assert len({each["operationId"] for each in found}) == len(found)
    assert [each["operationId"] for each in found if not (each.get("summary") and each.get("description"))] == []


def test_every_tag_is_described() -> None:
    described = {tag["name"] for tag in document()["tags"] if tag["description"]}

    assert {tag for _, _, found in operations() for tag in found["tags"]} == described


def test_the_document_says_which_operations_need_a_key() -> None:
    schemes = document()["components"]["securitySchemes"]
    needed: list[Schema] = [{name: []} for name in schemes]

    assert {name: scheme["type"] for name, scheme in schemes.items()} == {"ApiKey": "http", "Password": "oauth2"}
    assert {found["operationId"] for _, _, found in operations() if "security" not in found} == PUBLIC
    assert all(found["security"] == needed for _, _, found in operations() if "security" in found)


def test_every_refusal_is_documented_as_a_problem() -> None:
    wrong = [
        (found["operationId"], status)
        for _, _, found in operations()
        for status, answer in found["responses"].items()
        if status >= "400" and "health" not in found["tags"] and not is_problem(answer)
    ]

    assert wrong == []


def is_problem(answer: Schema) -> bool:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return bool(answer["content"] == content)


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    names = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}

    assert names <= document()["components"]["schemas"].keys()
    assert [name for name in document()["components"]["schemas"] if "__" in name] == []


@pytest.mark.parametrize(
    "route",
    [found for router in ROUTERS for found in router.routes if isinstance(found, APIRoute)],
    ids=lambda r: r.name,
)
def test_every_path_belongs_to_the_folder_that_its_resource_names(route: APIRoute) -> None:
    folder = route.endpoint.__module__.split(".")[2]
    parts = [part.replace("-", "_") for part in route.path.strip("/").split("/")]

    # A customer's segments are read with its scores.
    assert folder in {FOLDERS.get(part, part) for part in parts} or (folder, parts[-1]) == ("scores", "segments")
