"""Databases for tests: one template built by the real migrations, cloned in a fraction of a second."""

import asyncio
from itertools import count

import asyncpg

from shared.db.engine import create_engine
from shared.db.migrate import migrate
from shared.settings import Settings
from tests.engines import Engines

TEMPLATE = "portefeuille_template"
_numbers = count(1)


async def _administer(engines: Engines, *statements: str) -> None:
    connection = await asyncpg.connect(engines.postgres_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def build_template(engines: Engines) -> None:
    """Run every migration once."""

    async def build() -> None:
        await _administer(engines, f"create database {TEMPLATE}")
        settings = Settings(database_url=engines.database(TEMPLATE), nats_url=engines.nats_url)
        engine = create_engine(settings.sqlalchemy_url, application="tests")
        await migrate(engine)
        await engine.dispose()

    asyncio.run(build())


def clone(engines: Engines) -> str:
    """The URL of a fresh copy of the template."""
    name = f"test_{next(_numbers)}"
    asyncio.run(_administer(engines, f"create database {name} template {TEMPLATE} strategy wal_log"))
    return engines.database(name)


def drop(engines: Engines, url: str) -> None:
    name = url.partition("?")[0].rsplit("/", 1)[1]
    asyncio.run(_administer(engines, f"drop database {name} with (force)"))
