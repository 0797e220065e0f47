"""The whole OpenAPI document, asked in earnest: no 5xx ever, and every answer as the document says.

Requests are generated from the document and sent to the real process with an admin's key. The number of examples is
bounded, so that `make check` stays within its minutes; `FUZZ_EXAMPLES=500` digs deeper.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.api.app import create_app
from shared.messaging import connect_broker, ensure_stream
from shared.settings import Settings
from tests.databases import clone
from tests.engines import Engines

pytestmark = pytest.mark.fuzz

KEY = "pk_fuzz"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))

schema = schemathesis.openapi.from_dict(
    create_app(Settings(database_url="postgresql://x/x", nats_url="nats://x")).openapi()
)


@pytest.fixture(scope="session")
def api_url(engines: Engines) -> Iterator[str]:
    """The api's own process on a database with one workspace and one customer."""
    database_url = clone(engines)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    prepare(Settings(database_url=database_url, nats_url=engines.nats_url))
    environment = os.environ | {
        "PORTEFEUILLE_DATABASE_URL": database_url,
        "PORTEFEUILLE_NATS_URL": engines.nats_url,
        "PORTEFEUILLE_API_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-m", "services.api"], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield ready(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)


def prepare(settings: Settings) -> None:
    import asyncio

    async def arrange() -> None:
        broker = await connect_broker(settings.nats_url, name="fuzz")
        await ensure_stream(broker.jetstream())
        await broker.close()
        connection = await asyncpg.connect(settings.database_url)
        workspace = await connection.fetchval(
            "insert into workspace (name, timezone, currency, sandbox) values ('Fuzz', 'Europe/Paris', 'EUR', true)"
            " returning id"
        )
        await connection.execute(
            "insert into api_key (workspace_id, name, prefix, key_hash, role) values ($1, 'fuzz', 'pk', $2, 'admin')",
            workspace,
            hashlib.sha256(KEY.encode()).digest(),
        )
        await connection.close()

    asyncio.run(arrange())


def ready(url: str) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health/live", timeout=1).status_code == 200:
                return url
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the api did not start")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_documented(case: Any, api_url: str) -> None:
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {KEY}"}
    response = case.call(base_url=api_url, timeout=20)
    case.validate_response(response, checks=CHECKS)
