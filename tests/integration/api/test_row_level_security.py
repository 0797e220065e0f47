"""The forgotten WHERE: on no table does the api's role see, or write, a row of another workspace."""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.db.engine import API_ROLE

TABLES: Final = """
select c.oid, c.relname as name
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
 order by 2
"""
REQUIRED: Final = """
select a.attname as name, format_type(a.atttypid, null) as type
  from pg_attribute a
 where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and a.attnotnull
   and not a.atthasdef and a.attidentity = ''
"""
PARTITIONS: Final = """
select relname from pg_class
 where relispartition and relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
"""

# Any value that a type allows; a constraint that wants another one is answered below.
BY_TYPE: Final[dict[str, str]] = {
    "text": "'x'", "character varying": "'x'", "character": "'EUR'", "bytea": "decode(md5(random()::text), 'hex')",
    "jsonb": "'{}'", "json": "'{}'", "uuid": "gen_random_uuid()", "boolean": "true", "date": "current_date",
    "timestamp with time zone": "now()", "interval": "'1 day'", "numeric": "1", "integer": "1", "bigint": "1",
    "smallint": "1", "double precision": "1", "text[]": "'{}'", "uuid[]": "'{}'",
}  # fmt: skip
BY_COLUMN: Final[dict[tuple[str, str], str]] = {("transaction", "kind"): "'sale'", ("survey_response", "kind"): "'nps'"}

# `check (status = any (array['open', …]))` names what a column takes: the first will do.
CHOICES: Final = r"""
select a.attname as name, substring(pg_get_constraintdef(k.oid) from $$ARRAY\[('[^']*')$$) as first
  from pg_constraint k
  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
 where k.conrelid = $1 and k.contype = 'c' and cardinality(k.conkey) = 1
   and pg_get_constraintdef(k.oid) ~ 'ARRAY'
"""


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the api has it."""
    connection = await asyncpg.connect(database_url, server_settings={"role": API_ROLE})
    yield connection
    await connection.close()


@pytest.fixture
async def workspaces(admin: asyncpg.Connection) -> tuple[UUID, UUID]:
    statement = "insert into workspace (name, timezone, currency) values ($1, 'Europe/Paris', 'EUR') returning id"
    return await admin.fetchval(statement, "Ours"), await admin.fetchval(statement, "Theirs")


async def tables(connection: asyncpg.Connection) -> list[str]:
    return [row["name"] for row in await connection.fetch(TABLES)]


async def insert_statement(admin: asyncpg.Connection, table: str) -> str:
    """One row of a workspace ($1), with a value in every column that must have one."""
    oid = await admin.fetchval("select to_regclass($1)::oid", f'public."{table}"')
    choices = {row["name"]: row["first"] for row in await admin.fetch(CHOICES, oid)}
    values = {row["name"]: choices.get(row["name"], BY_TYPE[row["type"]]) for row in await admin.fetch(REQUIRED, oid)}
    values |= {name: value for (where, name), value in BY_COLUMN.items() if where == table}
    values["workspace_id"] = "$1::uuid"
    names = ", ".join(f'"{name}"' for name in values)
    return f'insert into "{table}" ({names}) values ({", ".join(values.values())})'  # noqa: S608  Names of the catalogue.


async def fill(admin: asyncpg.Connection, workspaces: tuple[UUID, UUID]) -> None:
    """A row of each workspace in every table. What rows point to does not matter here, so nothing is checked."""
    await admin.execute("set session_replication_role = replica")
    for table in await tables(admin):
        statement = await insert_statement(admin, table)
        for workspace in workspaces:
            await admin.execute(statement, workspace)


async def enter(api: asyncpg.Connection, workspace: UUID) -> None:
    await api.execute("select set_config('app.workspace_id', $1, false)", str(workspace))


async def count(connection: asyncpg.Connection, table: str) -> Any:
    return await connection.fetchval(f'select count(*) from "{table}"')  # noqa: S608  A name of the catalogue.


async def test_a_forgotten_where_shows_nothing_of_another_workspace(
    admin: asyncpg.Connection, api: asyncpg.Connection, workspaces: tuple[UUID, UUID]
) -> None:
    await fill(admin, workspaces)
    everything = await tables(admin)
    assert len(everything) >= 51
    assert {table: await count(admin, table) for table in everything} == dict.fromkeys(everything, 2)

    await enter(api, workspaces[0])

    assert {table: await count(api, table) for table in everything} == dict.fromkeys(everything, 1)
    assert [row["name"] for row in await api.fetch("select name from workspace")] == ["Ours"]


async def test_without_a_workspace_nothing_is_visible(
    admin: asyncpg.Connection, api: asyncpg.Connection, workspaces: tuple[UUID, UUID]
) -> None:
    await fill(admin, workspaces)

    seen = {table: await count(api, table) for table in [*await tables(admin), "workspace"]}

    assert seen == dict.fromkeys(seen, 0)


async def test_no_row_can_be_put_into_another_workspace(
    admin: asyncpg.Connection, api: asyncpg.Connection, workspaces: tuple[UUID, UUID]
) -> None:
    await fill(admin, workspaces)
    ours, theirs = workspaces
    await enter(api, ours)
    accepted = []

    for table in await tables(admin):
        for statement in (
            await insert_statement(admin, table),
            f'update "{table}" set workspace_id = $1::uuid',  # noqa: S608  A name of the catalogue.
        ):
            try:
                await api.execute(statement, theirs)
            except asyncpg.InsufficientPrivilegeError:
                continue
            accepted.append(statement)

    assert accepted == []
    assert await count(admin, "customer") == 2


async def test_another_workspaces_rows_cannot_be_changed_or_deleted(
    admin: asyncpg.Connection, api: asyncpg.Connection, workspaces: tuple[UUID, UUID]
) -> None:
    await fill(admin, workspaces)
    await enter(api, workspaces[0])

    for table in await tables(admin):
        where = f'"{table}" where workspace_id = $1'
        assert await api.execute(f"delete from {where}", workspaces[1]) == "DELETE 0"  # noqa: S608  As above.


async def test_partitions_are_reached_through_their_parents_only(
    admin: asyncpg.Connection, api: asyncpg.Connection, workspaces: tuple[UUID, UUID]
) -> None:
    await enter(api, workspaces[0])
    partitions = [row["relname"] for row in await admin.fetch(PARTITIONS)]

    assert len(partitions) >= 3
    for partition in partitions:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await count(api, partition)


async def unprotected(admin: asyncpg.Connection) -> list[str]:
    """Tables with a `workspace_id` that have no row-level security, or no policy."""
    statement = """
    select c.relname from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))
    """
    return [row["relname"] for row in await admin.fetch(statement)]


async def test_every_table_has_its_policy_and_a_new_one_without_is_noticed(admin: asyncpg.Connection) -> None:
    assert await unprotected(admin) == []

    await admin.execute(f"create table forgotten (workspace_id uuid, id uuid default '{uuid4()}')")

    assert await unprotected(admin) == ["forgotten"]
