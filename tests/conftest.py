"""What every test may ask for. Real PostgreSQL, real broker; only the outside world is faked.

`session` is undone after the test. `database_url`, `sessions` and all that commits use a database of the test's own.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from uuid import UUID

import asyncpg
import nats.js.errors
import pytest
from nats.js import JetStreamContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.db.engine import create_engine, create_pool
from shared.db.session import Sessions, create_sessions
from shared.messaging import STREAM, connect_broker, ensure_stream
from shared.settings import Settings
from tests.databases import Databases, build_template, clone, drop
from tests.engines import Engines, running_engines


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """PostgreSQL with a migrated template, and NATS, for one test process."""
    with running_engines() as engines:
        build_template(engines)
        yield engines


@pytest.fixture(scope="session")
def databases(engines: Engines) -> Databases:
    return Databases(engines)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated, empty database of this test's own: what it commits stays in there."""
    url = databases.lend()
    yield url
    databases.take_back(url)


@pytest.fixture
def settings(database_url: str, engines: Engines) -> Settings:
    return Settings(database_url=database_url, nats_url=engines.nats_url, _env_file=None)


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(settings.sqlalchemy_url, application="tests")
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    """Sessions of the owner, who sees every workspace, as the segmenter and the scheduler do."""
    return create_sessions(engine)


@pytest.fixture
async def pool(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(settings.database_url, application="tests")
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
def shared_database_url(engines: Engines) -> Iterator[str]:
    """One database for all tests that undo what they do."""
    url = clone(engines)
    yield url
    drop(engines, url)


@pytest.fixture
async def session(shared_database_url: str, engines: Engines) -> AsyncIterator[AsyncSession]:
    """A session whose outer transaction is rolled back; even a commit inside it is undone."""
    settings = Settings(database_url=shared_database_url, nats_url=engines.nats_url, _env_file=None)
    engine = create_engine(settings.sqlalchemy_url, application="tests")
    async with engine.connect() as connection, connection.begin() as outer:
        async with AsyncSession(
            bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as it:
            yield it
        await outer.rollback()
    await engine.dispose()


@pytest.fixture
async def workspace_id(session: AsyncSession) -> UUID:
    """A workspace in Paris that counts in euros, in the undone session."""
    statement = "insert into workspace (name, timezone, currency) values ('Acme', 'Europe/Paris', 'EUR') returning id"
    found = await session.scalar(text(statement))
    return UUID(str(found))


@pytest.fixture
async def broker(settings: Settings) -> AsyncIterator[JetStreamContext]:
    """An empty event stream: what other tests left in it would be for databases that are gone."""
    client = await connect_broker(settings.nats_url, name="tests")
    jetstream = client.jetstream()
    with suppress(nats.js.errors.NotFoundError):
        await jetstream.delete_stream(STREAM)
    await ensure_stream(jetstream)
    yield jetstream
    await client.close()
