"""Bring a database to the newest migration. Safe to run from several processes at once: one waits for the other."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations

_LOCK = 7_221_001  # Any fixed number: every migrating process asks for the same one.


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config


async def migrate(engine: AsyncEngine, target: str = "head") -> None:
    """Upgrade to `target` in one transaction; does nothing when it is reached already."""

    def upgrade(connection: Connection) -> None:
        connection.execute(text("select pg_advisory_xact_lock(:id)"), {"id": _LOCK})
        command.upgrade(alembic_config(connection), target)

    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
