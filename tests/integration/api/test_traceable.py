"""From an answer to the log and the traces: the id that a caller saw finds the line and the span, and names nobody."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.testing import capture_logs

from services.api.app import create_app, running_services
from shared import telemetry
from shared.settings import Settings
from tests.collector import Collector, running_collector

Log = Callable[[], list[Any]]
ADDRESS = "camille.durand@example.org"


@pytest.fixture
async def unplugged(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An application of this test's own with an endpoint that fails, asked as the server does: errors come through."""
    app = create_app(settings)

    @app.get("/v1/broken/{secret}")
    async def broken(secret: str) -> None:
        raise RuntimeError("nobody expected this")

    async with (
        running_services(settings) as app.state.services,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client,
    ):
        yield client


async def test_a_failure_is_logged_once_with_the_id_that_the_caller_got(unplugged: httpx.AsyncClient) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as log:
        response = await unplugged.get("/v1/broken/token-of-somebody")

    failed, request = log
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert (failed["event"], failed["correlation_id"]) == ("request.failed", response.json()["request_id"])
    assert str(failed["exc_info"]) == "nobody expected this"
    assert (request["event"], request["correlation_id"]) == ("request", response.json()["request_id"])
    assert "token-of-somebody" not in str(log)


async def test_a_write_is_one_line_that_names_the_route_and_nobody(client: httpx.AsyncClient) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as log:
        made = await client.post("/v1/customers", json={"kind": "person", "name": "Durand", "email": ADDRESS})
        await client.patch(f"/v1/customers/{made.json()['id']}", json={"name": "Camille Durand"})

    assert [(line["event"], line["method"], line["route"], line["status"]) for line in log] == [
        ("request", "POST", "/v1/customers", 201),
        ("request", "PATCH", "/v1/customers/{customer_id}", 200),
    ]
    assert log[0]["correlation_id"] == made.headers["x-request-id"]
    assert log[0]["milliseconds"] > 0
    assert not any(private in str(log) for private in (ADDRESS, "Durand", made.json()["id"]))


async def test_reads_are_logged_only_when_they_are_refused(client: httpx.AsyncClient) -> None:
    with capture_logs() as log:
        await client.get("/v1/customers", params={"email": ADDRESS})
        await client.get("/v1/customers", params={"nonsense": ADDRESS})
        await client.get(f"/v1/nowhere/{ADDRESS}")
        await client.get("/u/not-a-token")

    assert [(line["route"], line["status"]) for line in log] == [("/v1/customers", 400), ("unmatched", 404)]
    assert ADDRESS not in str(log)


@pytest.fixture
def collector() -> Any:
    with running_collector() as collector:
        yield collector
    telemetry._export.tracer = None


@pytest.fixture
def exporting_app(collector: Collector, settings: Settings) -> FastAPI:
    return create_app(settings.model_copy(update={"otlp_endpoint": collector.endpoint}))


async def test_spans_of_requests_carry_the_id_and_no_personal_data(
    exporting_app: FastAPI, collector: Collector, settings: Settings
) -> None:
    transport = httpx.ASGITransport(exporting_app)
    async with (
        running_services(settings) as exporting_app.state.services,
        httpx.AsyncClient(transport=transport, base_url="http://api") as client,
    ):
        search = await client.get("/v1/customers", params={"email": ADDRESS, "q": "Camille"})
        await client.get("/u/token-of-somebody")
        await client.get(f"/nowhere/{ADDRESS}")
    provider: Any = exporting_app._telemetry["tracer_provider"]
    provider.shutdown()

    [span] = collector.attributes("GET /v1/customers")
    assert (span["http.route"], span["url.path"], span["url.query"]) == ("/v1/customers", "REDACTED", "REDACTED")
    assert span["correlation_id"] == search.headers["x-request-id"]
    assert collector.attributes("GET /u/{token}")[0]["http.route"] == "/u/{token}"
    assert collector.attributes("GET")[0]["url.path"] == "REDACTED"
    assert not any(private in collector.wire for private in (b"camille", b"Camille", b"token-of-somebody"))
