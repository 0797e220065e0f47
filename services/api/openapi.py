"""The OpenAPI 3.1 document: what frontends generate their clients from."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.api.schemas import Problem

DESCRIPTION = """\
One record per customer with everything that happened, and automations that act when the data changes.

Lists are paged by cursor. Every error is `application/problem+json`. Unknown fields and parameters are refused.
`POST`, `PATCH`, `PUT` and `DELETE` take an `Idempotency-Key`; records carry an `ETag` that `If-Match` checks.
"""


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once: with the problem schema that every operation refers to."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        _add_problem(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _add_problem(schema: dict[str, Any]) -> None:
    problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
