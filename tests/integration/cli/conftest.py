"""Commands in the environment of this test's own database and broker."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from shared.settings import Settings
from tests.integration.cli.command import CommandLine, environment_of


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> CommandLine:
    """Run a command to its end: `await run("token", "create")`."""
    return CommandLine(tmp_path, environment_of(settings))


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()
