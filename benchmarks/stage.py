"""The running product that is measured, the floor beside it, and the connections to look at both."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from benchmarks import people
from tests.journeys.system import System

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))


@dataclass
class Stage:
    """Everything a measurement needs. `headers` carry the admin's key."""

    system: System
    database: asyncpg.Connection
    workspace_id: UUID
    floor_port: int
    customers: list[UUID]

    @property
    def port(self) -> int:
        return int(self.system.run["api_port"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": str(self.system.api.headers["authorization"])}


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="portefeuille-bench-") as folder, System(Path(folder) / "data") as system:
        database = await asyncpg.connect(system.run["database_url"])
        workspace_id = await database.fetchval("select id from workspace where name = 'demo'")
        await database.copy_records_to_table(
            "customer", records=people.rows(workspace_id, CUSTOMERS, "S"), columns=people.COLUMNS
        )
        await database.execute("vacuum analyze customer")
        customers = [row["id"] for row in await database.fetch("select id from customer limit 20000")]
        with _floor(system, workspace_id) as port:
            yield Stage(system, database, workspace_id, port, customers)
        await database.close()


class _floor:  # noqa: N801  Reads as what it is: with _floor(…) as port.
    def __init__(self, system: System, workspace_id: UUID) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._environment = os.environ | {
            "PORTEFEUILLE_DATABASE_URL": system.run["database_url"],
            "BENCH_WORKSPACE": str(workspace_id),
            "BENCH_PORT": str(self._port),
        }

    def __enter__(self) -> int:
        self._process = subprocess.Popen([sys.executable, "-m", "benchmarks.floor"], env=self._environment)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{self._port}/", timeout=1)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                break
        return self._port

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
