"""A world of its own for each test, and a mail server that keeps what it gets."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP

from shared.db.session import Sessions
from shared.settings import Settings
from tests.integration.scheduler.mail_server import MailServer
from tests.integration.scheduler.world import World


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def world(owner: asyncpg.Connection, sessions: Sessions) -> World:
    """A real workspace in Paris."""
    statement = (
        "insert into workspace (name, timezone, currency) values ('La boutique', 'Europe/Paris', 'EUR') returning id"
    )
    return World(owner, sessions, UUID(str(await owner.fetchval(statement))))


@pytest.fixture
async def sandbox(owner: asyncpg.Connection, sessions: Sessions) -> World:
    """A sandbox in Paris, whose clock may be set."""
    statement = (
        "insert into workspace (name, timezone, currency, sandbox)"
        " values ('Bac à sable', 'Europe/Paris', 'EUR', true) returning id"
    )
    return World(owner, sessions, UUID(str(await owner.fetchval(statement))))


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    mail_server = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(mail_server, loop=loop), "127.0.0.1", 0)
    mail_server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield mail_server
