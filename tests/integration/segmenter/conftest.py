"""One workspace with a clock of its own, and a connection of the kind the segmenter's loops have."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.segmenter.connection import connected
from tests.integration.segmenter.workplace import Workplace


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(database_url) as connection:
        yield connection


@pytest.fixture
async def workplace(connection: asyncpg.Connection) -> Workplace:
    """A sandbox in Paris that counts in euros; its clock stands at noon of 31 March 2026."""
    return await Workplace.open(connection, "Europe/Paris", "EUR")
