"""The migrations build exactly what the models say, can be taken back, and are recognised as done."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db.migrate import alembic_config, migrate
from shared.db.version import is_at_head, newest_revision


async def test_up_down_and_up_again_leaves_no_drift(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "base"))
        left = await connection.scalar(
            text("select count(*) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'")
        )
    assert left == 0
    assert not await is_at_head(engine)

    await migrate(engine)

    def drift(sync: Connection) -> None:
        command.check(alembic_config(sync))  # Raises when a model and its table differ.

    async with engine.connect() as connection:
        await connection.run_sync(drift)
    assert await is_at_head(engine)


def test_the_newest_revision_is_the_one_that_alembic_would_reach() -> None:
    assert newest_revision() == ScriptDirectory.from_config(alembic_config()).get_current_head()
