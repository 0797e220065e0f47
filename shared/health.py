"""Health and metrics of a worker over HTTP, without a web framework: a worker's memory is for its work.

`/health/live` says that the process runs, `/health/ready` asks every check, `/metrics` is Prometheus' text format.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.logging import get_logger

Check = Callable[[], Awaitable[dict[str, Any]]]
Checks = Mapping[str, Check]
Measure = Callable[[], Awaitable[None]]

_CHECK_SECONDS = 3.0
_REQUEST_SECONDS = 5.0
_LONGEST_REQUEST = 8192
_JSON = "application/json"


async def serve_health(host: str, port: int, checks: Checks, measure: Measure | None = None) -> None:
    """Answer until cancelled. Port 0 picks a free one, which is logged.

    A check returns details for the answer, and raises when what it looks at cannot be used. `measure` brings gauges up
    to date before they are shown: it may not fail, nor take long.
    """

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_SECONDS + _CHECK_SECONDS):
                writer.write(await _answer(reader, checks, measure))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            get_logger().debug("health.request_dropped", error=repr(error))
        finally:
            writer.close()

    server = await asyncio.start_server(connected, host, port, limit=_LONGEST_REQUEST)
    async with server:
        get_logger().info("health.listening", host=host, port=server.sockets[0].getsockname()[1])
        await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, checks: Checks, measure: Measure | None) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split(b" ")
    if len(words) != 3 or words[0] not in {b"GET", b"HEAD"}:
        return _response(HTTPStatus.METHOD_NOT_ALLOWED, _JSON, b"{}")
    status, kind, body = await _page(words[1].split(b"?", 1)[0], checks, measure)
    return _response(status, kind, body, with_body=words[0] == b"GET")


async def _page(path: bytes, checks: Checks, measure: Measure | None) -> tuple[HTTPStatus, str, bytes]:
    if path == b"/health/live":
        return HTTPStatus.OK, _JSON, orjson.dumps({"status": "live"})
    if path == b"/health/ready":
        return await _readiness(checks)
    if path == b"/metrics":
        if measure is not None:
            await measure()
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest()
    return HTTPStatus.NOT_FOUND, _JSON, b"{}"


async def _readiness(checks: Checks) -> tuple[HTTPStatus, str, bytes]:
    found = dict(zip(checks, await asyncio.gather(*map(_checked, checks.values())), strict=True))
    ready = all(result["status"] == "ok" for result in found.values())
    body = {"status": "ready" if ready else "unavailable", "dependencies": found}
    return HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE, _JSON, orjson.dumps(body, default=str)


async def _checked(check: Check) -> dict[str, Any]:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return {"status": "ok", **await check()}
    except Exception as error:  # noqa: BLE001  Whatever it is: the dependency is not usable, and the answer says why.
        return {"status": "unavailable", "error": type(error).__name__}


def _response(status: HTTPStatus, kind: str, body: bytes, *, with_body: bool = True) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (body if with_body else b"")
