"""One workspace with a clock of its own, and a connection of the kind the segmenter's loops have."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.segmenter.connection import connected
from tests.integration.segmenter.workplace import Workplace


@pytest.fixture
async def connection(shared_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Whatever it does is undone after the test."""
    async with connected(shared_database_url) as connection:
        outer = connection.transaction()
        await outer.start()
        yield connection
        await outer.rollback()


@pytest.fixture
async def replicas(database_url: str) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    """Two connections to a database of this test's own, as two replicas have them: what they commit, the other sees."""
    async with connected(database_url) as one, connected(database_url) as other:
        yield one, other


@pytest.fixture
async def workplace(connection: asyncpg.Connection) -> Workplace:
    """A sandbox in Paris that counts in euros; its clock stands at noon of 31 March 2026."""
    return await Workplace.open(connection, "Europe/Paris", "EUR")
