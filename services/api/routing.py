"""Routes that read JSON strictly and refuse query parameters they do not know."""

import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import APIRouter, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import Scope

from services.api.schemas import BatchAnswer
from services.api.wire import StrictRequest
from shared.errors import Fault, InvalidInput

_JSON_BASED = re.compile(r"application/[a-z0-9.-]+\+json")
COMMON = {
    400: "The request is malformed: JSON, or an unknown parameter.",
    401: "No valid credential.",
    403: "The credential may not do this.",
    404: "No such record within the caller's sight.",
    409: "The present state refuses it.",
    412: "The record has another version than If-Match.",
    413: "The body is too large.",
    415: "The media type is not understood.",
    422: "A value is wrong; `errors` says which.",
    428: "This workspace wants If-Match with every change.",
    503: "A dependency does not answer; try again.",
}


def _problem_response(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: _problem_response(description) for status, description in COMMON.items()
}


def template_of(scope: Scope) -> str:
    """`/v1/customers/{customer_id}`: what may be logged and counted of a path, which itself may hold a token."""
    return getattr(scope.get("route"), "path", "unmatched")


class Route(APIRoute):
    """An APIRoute with our manners."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = _query_names(self)
        by_row = self.response_model is BatchAnswer
        reads_json = self.body_field is not None and not isinstance(self.body_field.field_info, params.Form)

        async def strictly(request: Request) -> Response:
            if request.scope["query_string"]:
                _refuse_unknown(request, known)
            strict = StrictRequest(request.scope, request.receive)
            if reads_json:
                _refuse_other_media(request)
                await strict.read_json(by_row=by_row)
            return await handle(strict)

        return strictly


def _refuse_other_media(request: Request) -> None:
    """Raises InvalidInput (415) for a body that does not say it is JSON, or that is compressed."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (media_type == "application/json" or _JSON_BASED.fullmatch(media_type)):
        raise _unsupported("Content-Type", "Send the body as application/json.")
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise _unsupported("Content-Encoding", "Send the body uncompressed.")


def _unsupported(header: str, detail: str) -> InvalidInput:
    error = InvalidInput.at(f"header:{header}", "unsupported_media_type", detail)
    error.code = "unsupported_media_type"
    return error


def _query_names(route: APIRoute) -> frozenset[str]:
    return frozenset(_names_in(route.dependant))


def _names_in(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from (info.alias or name for name, info in annotation.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _names_in(inner)


def _refuse_unknown(request: Request, known: frozenset[str]) -> None:
    parameters = request.query_params
    unknown = [name for name in parameters if name not in known]
    if unknown:
        allowed = ", ".join(sorted(known)) or "none"
        faults = [Fault(f"?{name}", "unknown_parameter", f"Known parameters: {allowed}.") for name in unknown]
        error = InvalidInput(*faults)
        error.code = "unknown_parameter"
        raise error
    for name, value in parameters.multi_items():
        if "\x00" in value:
            raise InvalidInput.at(f"?{name}", "bad_value", "The character U+0000 is not allowed.")


def router(prefix: str, tag: str) -> APIRouter:
    """A router of one resource; its operations take the names of their functions."""
    return APIRouter(
        prefix=f"/v1/{prefix}",
        tags=[tag],
        route_class=Route,
        generate_unique_id_function=lambda route: route.name,
        responses=PROBLEMS,
    )
