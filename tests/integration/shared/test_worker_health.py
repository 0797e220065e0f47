"""The small server with which a worker says how it is."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.health import serve_health
from shared.telemetry import STALE_CUSTOMERS


class Dependency:
    """A check whose answer the test decides."""

    def __init__(self) -> None:
        self.works = True

    async def check(self) -> dict[str, Any]:
        if not self.works:
            raise ConnectionError
        return {"backlog": 3}


@pytest.fixture
def dependency() -> Dependency:
    return Dependency()


@pytest.fixture
async def port(dependency: Dependency) -> AsyncIterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = asyncio.create_task(serve_health("127.0.0.1", port, {"database": dependency.check}))
    await asyncio.sleep(0.05)
    yield port
    server.cancel()
    await asyncio.gather(server, return_exceptions=True)


async def ask(port: int, request: str) -> tuple[int, str]:
    """The status and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{request} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return int(head.split(" ")[1]), body


async def test_a_process_that_answers_is_live_whatever_its_dependencies_do(port: int, dependency: Dependency) -> None:
    dependency.works = False

    assert await ask(port, "GET /health/live") == (200, '{"status":"live"}')


async def test_a_ready_worker_names_its_dependencies(port: int) -> None:
    status, body = await ask(port, "GET /health/ready")

    assert status == 200
    assert json.loads(body) == {"status": "ready", "dependencies": {"database": {"status": "ok", "backlog": 3}}}


async def test_a_worker_without_its_database_is_not_ready_and_says_why(port: int, dependency: Dependency) -> None:
    dependency.works = False

    status, body = await ask(port, "GET /health/ready")

    assert status == 503
    assert json.loads(body)["dependencies"] == {"database": {"status": "unavailable", "error": "ConnectionError"}}


async def test_metrics_are_in_the_text_format_of_prometheus(port: int) -> None:
    STALE_CUSTOMERS.set(7)

    status, body = await ask(port, "GET /metrics")

    assert status == 200
    assert "# TYPE portefeuille_stale_customers gauge\nportefeuille_stale_customers 7.0\n" in body


@pytest.mark.parametrize(
    ("request_line", "status"), [("GET /elsewhere", 404), ("POST /health/live", 405), ("nonsense", 405)]
)
async def test_anything_else_is_refused(port: int, request_line: str, status: int) -> None:
    assert (await ask(port, request_line))[0] == status
