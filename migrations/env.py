"""Runs the migrations over the connection that `shared.db.migrate` (or the `alembic` command) provides."""

import asyncio

from alembic import context
from alembic.runtime.environment import NameFilterParentNames, NameFilterType
from sqlalchemy import Connection

import shared.models  # noqa: F401  Registers every table.
from shared.db.base import Base
from shared.db.engine import create_engine
from shared.settings import Settings


def ours(name: str | None, kind: NameFilterType, _: NameFilterParentNames) -> bool:
    """Monthly partitions are made at run time: they are not in the models, and not drift."""
    return not (kind == "table" and name is not None and "_p2" in name) and not (name or "").endswith("_default")


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, include_name=ours)
    with context.begin_transaction():
        context.run_migrations()


async def run_alone() -> None:
    engine = create_engine(Settings().sqlalchemy_url, application="migrate")
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(run_alone())
