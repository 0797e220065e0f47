"""Around every request: a correlation id, a limit on the body, the time it took. Plain ASGI costs microseconds."""

import re
import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.errors import bug, problem
from services.api.routing import template_of
from shared.domain.ids import uuid7
from shared.logging import get_logger
from shared.telemetry import REQUEST_SECONDS, annotate, correlation_id

HEADER = b"x-request-id"
_READS = frozenset({"GET", "HEAD"})
_ACCEPTABLE = re.compile(rb"[A-Za-z0-9._-]{8,100}")


class TooLarge(Exception):
    """The body went over the limit while it was read."""


class Correlation:
    """Takes the caller's `X-Request-ID` or makes one; it is in the answer, in every log line and in every event."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        request_id = given if _ACCEPTABLE.fullmatch(given) else str(uuid7()).encode()
        _bind(request_id.decode())
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001  Raised further, it would be logged again by the server.
            answer = bug(Request(scope), error)
            if not status:
                await answer(scope, receive, send_with_id)
        finally:
            _account(scope, status or 500, time.perf_counter() - started)


def _bind(request_id: str) -> None:
    """For the rest of this request's task; nothing is put back, because the server may still have something to log."""
    correlation_id.set(request_id)
    structlog.contextvars.bind_contextvars(correlation_id=request_id)
    annotate(correlation_id=request_id)


def _account(scope: Scope, status: int, seconds: float) -> None:
    """Count every request; log those that change something or fail. Reads that succeed would drown the others."""
    route = template_of(scope)
    REQUEST_SECONDS.labels(route, scope["method"], status).observe(seconds)
    if scope["path"].startswith("/v1/") and (status >= 400 or scope["method"] not in _READS):
        milliseconds = round(seconds * 1000, 2)
        get_logger().info("request", method=scope["method"], route=route, status=status, milliseconds=milliseconds)


class BodyLimit:
    """Refuses bodies over the limit, by their header where they have one and else while they arrive.

    Uploads have their own, larger limit.
    """

    def __init__(self, app: ASGIApp, *, limit: int, upload_limit: int) -> None:
        self._app = app
        self._limit = limit
        self._upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _READS:
            await self._app(scope, receive, send)
            return
        limit = self._upload_limit if scope["path"] == "/v1/imports" else self._limit
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > limit:
            await _refuse(scope, send)
            return
        if b"content-length" in headers:
            await self._app(scope, receive, send)
            return
        await self._counting(scope, receive, send, limit)

    async def _counting(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        seen = 0

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge
            return message

        try:
            await self._app(scope, receive_counted, send)
        except TooLarge:
            await _refuse(scope, send)


async def _refuse(scope: Scope, send: Send) -> None:
    response = problem(Request(scope), 413, "too_large", "The body is over the limit.")
    await response(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
