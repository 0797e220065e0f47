"""The operations of the application's own OpenAPI document, as tests walk through them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.api.app import create_app
from shared.settings import Settings

Schema = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path. `schema` is that of its JSON body, empty when it takes none."""

    method: str
    path: str
    name: str
    schema: Schema
    needs_key: bool
    headers: frozenset[str]

    def at(self, ids: dict[str, str]) -> str:
        """The path with the id of each resource behind its name."""
        return re.sub(r"([\w-]+)/{\w+}", lambda match: f"{match[1]}/{ids[match[1]]}", self.path)

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def writes(self) -> bool:
        return self.method not in {"GET", "HEAD"}


@cache
def document() -> Schema:
    """What `GET /openapi.json` answers."""
    nowhere = Settings(database_url="postgresql://x/x", nats_url="nats://x", _env_file=None)
    return create_app(nowhere).openapi()


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(_operations())


def _operations() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for method, found in methods.items():
            content = found.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            yield Operation(
                method.upper(), path, found["operationId"], resolved(schema), "security" in found, _headers(found)
            )


def _headers(found: Schema) -> frozenset[str]:
    references = [parameter.get("$ref", "") for parameter in found.get("parameters", ())]
    return frozenset(each.rpartition("/")[2] for each in references if each.startswith("#/components/parameters/"))


def resolved(schema: Schema) -> Schema:
    """A schema with its reference followed."""
    if "$ref" not in schema:
        return schema
    target: Schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return target


def variants(schema: Schema) -> list[Schema]:
    """The forms that a value may have, null apart: what `anyOf` lists, or the schema itself."""
    schema = resolved(schema)
    forms = [resolved(form) for form in schema.get("anyOf", [schema])]
    return [{**form, "examples": schema.get("examples", [])} for form in forms if form.get("type") != "null"]


def nullable(schema: Schema) -> bool:
    forms = resolved(schema).get("anyOf", [schema])
    return any(form.get("type") == "null" for form in forms)


JSON_WRITES = tuple(found for found in operations() if found.writes and found.schema.get("properties"))
BATCHES = tuple(found for found in JSON_WRITES if found.path.endswith("/batch"))
"""Their rows are checked one by one."""
