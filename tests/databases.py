"""Databases for tests: one template built by the real migrations, cloned where needed, emptied and lent again.

To clone takes a quarter of a second, to empty a few milliseconds, and hundreds of tests want a database of their own.
"""

import asyncio
from itertools import count

import asyncpg

from shared.db.engine import create_engine
from shared.db.migrate import migrate
from shared.settings import Settings
from tests.engines import Engines

TEMPLATE = "portefeuille_template"
_numbers = count(1)
# A test that changed the schema is told by this: its database is not lent again.
_SCHEMA = """
select md5(string_agg(what, ' ' order by what))
  from (select oid || relname from pg_class where relnamespace = 'public'::regnamespace
        union all select oid || conname from pg_constraint where connamespace = 'public'::regnamespace) as s (what)
"""
_END_OTHERS = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database()
   and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
# Replicas fire no triggers, so rows go in any order of the tables.
_EMPTY = """
set session_replication_role = replica;
do $$
declare own regclass;
begin
    for own in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
                  and relname <> 'alembic_version'
    loop execute format('delete from %s', own); end loop;
end $$
"""


class Databases:
    """Lends each test a migrated, empty database that nobody else uses meanwhile."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._free: list[str] = []
        self._schemas: dict[str, str] = {}

    def lend(self) -> str:
        """The URL of a database."""
        return self._free.pop() if self._free else asyncio.run(self._cloned())

    def take_back(self, url: str) -> None:
        """Whoever is still connected is thrown out; then the database is emptied, or dropped if it was rebuilt."""
        asyncio.run(self._emptied(url))

    async def _cloned(self) -> str:
        url = await _clone(self._engines)
        connection = await asyncpg.connect(url)
        self._schemas[url] = await connection.fetchval(_SCHEMA)
        await connection.close()
        return url

    async def _emptied(self, url: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            as_cloned = await connection.fetchval(_SCHEMA) == self._schemas[url]
            if as_cloned:
                await connection.execute(_END_OTHERS)
                await connection.execute(_EMPTY)
        finally:
            await connection.close()
        if as_cloned:
            self._free.append(url)
        else:
            await _drop(self._engines, url)


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
    """The URL of a fresh copy of the template, for whoever keeps one longer than a test."""
    return asyncio.run(_clone(engines))


def drop(engines: Engines, url: str) -> None:
    asyncio.run(_drop(engines, url))


async def _clone(engines: Engines) -> str:
    name = f"test_{next(_numbers)}"
    await _administer(engines, f"create database {name} template {TEMPLATE} strategy wal_log")
    return engines.database(name)


async def _drop(engines: Engines, url: str) -> None:
    name = url.partition("?")[0].rsplit("/", 1)[1]
    await _administer(engines, f"drop database {name} with (force)")


async def _administer(engines: Engines, *statements: str) -> None:
    connection = await asyncpg.connect(engines.postgres_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
