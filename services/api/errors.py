"""From errors to answers: every one is `application/problem+json` (RFC 9457), with a pointer and a code per fault."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from services.api.constraints import fault_of
from services.api.faults import faults_of
from services.api.routing import template_of
from services.api.wire import encode
from shared import errors
from shared.logging import get_logger
from shared.telemetry import correlation_id
from shared.texts import text

PROBLEM_JSON = "application/problem+json"

STATUS: dict[type[errors.PortefeuilleError], int] = {
    errors.InvalidInput: 422,
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.VersionMismatch: 412,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TemporarilyUnavailable: 503,
}
BY_CODE = {"invalid_json": 400, "unknown_parameter": 400, "too_large": 413, "precondition_required": 428,
           "idempotency_mismatch": 422, "unauthorized": 401, "unsupported_media_type": 415}  # fmt: skip
BY_STATUS = {400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
             406: "not_acceptable", 413: "too_large", 415: "unsupported_media_type", 503: "unavailable"}  # fmt: skip
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
# Whatever keeps us from a connection or takes it away: no such server, one that starts or stops, is full or shut.
LOST_DATABASE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError,
                 asyncpg.OperatorInterventionError, asyncpg.InsufficientResourcesError,
                 asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError,
                 asyncpg.ObjectNotInPrerequisiteStateError, OperationalError, InterfaceError, PoolTimeout)  # fmt: skip


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str = "",
    faults: Sequence[errors.Fault] = (),
    *,
    headers: dict[str, str] | None = None,
    **extension: Any,
) -> Response:
    """One problem. `title` is constant per code, in the caller's language; `request_id` is the correlation id."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": text(f"problem.{code}", language_of(request)),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.url.path,
        "request_id": correlation_id.get(),
        "errors": [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in faults],
        **extension,
    }
    return Response(encode(body), status, headers, media_type=PROBLEM_JSON)


def language_of(request: Request) -> str:
    return "en" if request.headers.get("accept-language", "fr").strip().lower().startswith("en") else "fr"


def install(app: FastAPI) -> None:
    """One handler per family. Whatever none expects is for `Correlation`, which makes `bug` of it."""
    app.exception_handler(errors.PortefeuilleError)(_expected)
    app.exception_handler(RequestValidationError)(_invalid_request)
    app.exception_handler(HTTPException)(_http)
    app.add_exception_handler(DBAPIError, _database)
    for lost in LOST_DATABASE:
        app.add_exception_handler(lost, _unavailable)
    app.add_exception_handler(asyncpg.PostgresError, _database)


async def _expected(request: Request, error: errors.PortefeuilleError) -> Response:
    status = BY_CODE.get(error.code) or next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    faults = error.faults if isinstance(error, errors.InvalidInput) else ()
    extension: dict[str, Any] = {}
    if isinstance(error, errors.VersionMismatch):
        extension["current_version"] = error.current_version
    return problem(request, status, error.code, error.detail, faults, headers=_headers(status), **extension)


async def _invalid_request(request: Request, error: RequestValidationError) -> Response:
    faults = faults_of(error.errors())
    codes = {fault.code for fault in faults}
    code = next((code for code in ("invalid_json", "unknown_parameter") if code in codes), "validation_failed")
    status = BY_CODE.get(code, 422)
    return problem(request, status, code, "; ".join(fault.detail for fault in faults[:3]), faults)


async def _http(request: Request, error: HTTPException) -> Response:
    code = BY_STATUS.get(error.status_code, "bad_request" if error.status_code < 500 else "internal_error")
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(method for method in METHODS if _answers(request, method))
    return problem(request, error.status_code, code, str(error.detail), headers=headers)


def _answers(request: Request, method: str) -> bool:
    """Whether the path has this method. The framework names those of the first route it found only."""
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


async def _database(request: Request, error: Exception) -> Response:
    """A constraint that refuses is the caller's conflict; a connection that broke is ours, and passes."""
    original = getattr(getattr(error, "orig", None), "__cause__", None) or getattr(error, "orig", None) or error
    if getattr(error, "connection_invalidated", False) or isinstance(original, LOST_DATABASE):
        return await _unavailable(request, error)
    if isinstance(error, IntegrityError | asyncpg.IntegrityConstraintViolationError):
        fault, status = fault_of(original)
        code = "conflict" if status == 409 else "validation_failed"
        return problem(request, status, code, fault.detail, [fault])
    if isinstance(original, asyncpg.DataError | asyncpg.ProgramLimitExceededError):
        return problem(request, 422, "validation_failed", "A value does not fit where it is stored.")
    if isinstance(original, asyncpg.DeadlockDetectedError | asyncpg.SerializationError):
        return await _unavailable(request, error)
    return bug(request, error)


async def _unavailable(request: Request, error: Exception) -> Response:
    get_logger().warning("dependency.unavailable", error=repr(error))
    return problem(request, 503, "unavailable", "The database does not answer. Try again.", headers=_headers(503))


def bug(request: Request, error: Exception) -> Response:
    """Logs what nobody expected, with its traceback, and tells the caller nothing but the id to find it by."""
    get_logger().error("request.failed", route=template_of(request.scope), exc_info=error)
    return problem(request, 500, "internal_error")


def _headers(status: int) -> dict[str, str] | None:
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "2"} if status == 503 else None
