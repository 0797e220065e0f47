"""The OpenAPI 3.1 document: what frontends generate their clients from."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.api.idempotency import MAX_LENGTH
from services.api.schemas import Problem

DESCRIPTION = """\
One record per customer with everything that happened, and automations that act when the data changes.

Lists are paged by cursor. Every error is `application/problem+json`. Unknown fields and parameters are refused.
`POST`, `PATCH`, `PUT` and `DELETE` take an `Idempotency-Key`; records carry an `ETag` that `If-Match` checks.
"""

TAGS = {
    "customers": "One record per company or person, and everything that happened with it.",
    "interactions": "Calls, meetings, e-mails and other contacts that took place.",
    "transactions": "Sales and refunds, from which revenue, margin and all classes are computed.",
    "contacts": "The people at a company customer.",
    "opportunities": "Possible sales on their way to being won or lost.",
    "contracts": "Agreements with a first and a last day.",
    "complaints": "What customers are unhappy with, until it is resolved.",
    "surveys": "Answers to NPS and CSAT surveys.",
    "tasks": "What somebody of the team has to do.",
    "consents": "Who may be contacted for what and how, with the proof. The history is kept.",
    "products": "Articles and services that are sold.",
    "tags": "Labels of customers.",
    "exchange rates": "What foreign money was worth on which day.",
    "scores": "Figures, classes and scores of customers, now and as they were on a day.",
    "segments": "Customers that satisfy a rule, kept up to date, and the fields that rules may name.",
    "automation": "Sequences, reminders and alerts, and every message, decision and notification they led to.",
    "imports": "Files of customers and facts.",
    "webhooks": "Calls of mail and telephone tools.",
    "changes": "Everything that happened, in order.",
    "access": "People, teams, keys and logins.",
    "workspace": "Settings of the workspace, and the clock of a sandbox.",
    "health": "For operators and load balancers, without a key.",
}
SECURITY_SCHEMES = {
    "ApiKey": {"type": "http", "scheme": "bearer", "description": "An API key, or a token of /v1/auth/token."},
    "Password": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/v1/auth/token", "scopes": {}}}},
}
# A login has no credential yet, and providers sign their calls in their own ways.
WITHOUT_KEY = ("/v1/auth/token", "/v1/webhooks/in/")
WRITES = {"post", "put", "patch", "delete"}
# Answers that hold a secret are never remembered, and previews write nothing.
FORGETFUL = {"create_api_key", "create_inbound_endpoint", "update_inbound_endpoint", "preview_segment",
             "preview_template"}  # fmt: skip
UNVERSIONED = {"update_notification", "update_inbound_endpoint", "delete_inbound_endpoint", "delete_api_key"}
HEADERS = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A retry with the same key within 24 hours gets the first answer, and nothing happens twice.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "examples": ["order-4711"]},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag that was read: if the record has changed since, nothing is written (412).",
        "schema": {"type": "string", "examples": ['"3"']},
    },
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once: with the problem schema that every operation refers to."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        _add_problem(schema)
        _add_security(schema)
        _add_headers(schema)
        used = {tag for path in schema["paths"].values() for operation in path.values() for tag in operation["tags"]}
        schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
        app.openapi_schema = schema
    return app.openapi_schema


def _add_problem(schema: dict[str, Any]) -> None:
    problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)


def _add_security(schema: dict[str, Any]) -> None:
    """Say which operations need a key. The door does the checking."""
    schema["components"]["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in schema["paths"].items():
        if path.startswith("/v1/") and not path.startswith(WITHOUT_KEY):
            for operation in operations.values():
                operation["security"] = [{name: []} for name in SECURITY_SCHEMES]


def _add_headers(schema: dict[str, Any]) -> None:
    """Say which operations read them. They are read from the request itself, so FastAPI does not know."""
    schema["components"]["parameters"] = HEADERS
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method in WRITES and path.startswith("/v1/") and not path.startswith(WITHOUT_KEY):
                operation.setdefault("parameters", []).extend(
                    {"$ref": f"#/components/parameters/{name}"}
                    for name in _headers_of(method, operation["operationId"])
                )


def _headers_of(method: str, name: str) -> list[str]:
    versioned = method in {"patch", "delete"} and name not in UNVERSIONED
    return [*(["Idempotency-Key"] if name not in FORGETFUL else []), *(["If-Match"] if versioned else [])]
