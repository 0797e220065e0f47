"""Commands as processes, in the environment of this test's own database and broker."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared.settings import Settings

Run = Callable[..., Awaitable["Finished"]]


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Run:
    """Run a command to its end: `await run("token", "create")`."""
    own = {"PORTEFEUILLE_DATABASE_URL": settings.database_url, "PORTEFEUILLE_NATS_URL": settings.nats_url}

    async def run(*arguments: str, **environment: str) -> Finished:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.cli", *arguments, cwd=tmp_path,
            env={**os.environ, **own, **environment, "NO_COLOR": "1", "COLUMNS": "160"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return Finished(process.returncode or 0, out.decode(), err.decode())

    return run


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()
