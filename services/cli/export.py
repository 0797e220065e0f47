"""The command `export`: a workspace's portfolio as one CSV file a table."""

import asyncio
from pathlib import Path
from typing import Final

import asyncpg

from services.cli.answers import Advance, CommandFailed
from shared.settings import Settings

# Everything that people put in or the product computed for them; no secrets and no machinery.
TABLES: Final = (
    "customer",
    "contact",
    "tag",
    "product",
    "exchange_rate",
    "interaction",
    "transaction",
    "opportunity",
    "contract",
    "complaint",
    "survey_response",
    "consent",
    "suppression",
    "task",
    "team",
    "segment",
    "segment_membership",
    "customer_metrics",
    "customer_scores",
    "score_history",
    "template",
    "sequence",
    "sequence_version",
    "enrollment",
    "message",
    "message_event",
    "decision",
    "reminder_rule",
    "reminder",
    "alert_rule",
    "alert",
)
LEFT_OUT: Final = {"customer": ("search_text",), "message": ("lease_token", "lease_until")}
_COLUMNS: Final = """
select attname from pg_attribute
 where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attname <> all ($2::text[])
 order by attnum
"""
_WORKSPACE: Final = "select id from workspace where name = $1 or id::text = $1"


async def export(settings: Settings, workspace: str, out: Path, advance: Advance) -> dict[str, int]:
    """Rows by table, all of one moment. Files that are there are written anew. Raises CommandFailed."""
    await asyncio.to_thread(_make, out)
    connection = await asyncpg.connect(settings.database_url, server_settings={"application_name": "cli"})
    try:
        workspace_id = await connection.fetchval(_WORKSPACE, workspace)
        if workspace_id is None:
            raise CommandFailed(f"There is no workspace {workspace!r}.")
        written: dict[str, int] = {}
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for number, table in enumerate(TABLES):
                advance(number, len(TABLES))
                written[table] = await _copy(connection, table, workspace_id, out / f"{table}.csv")
        advance(len(TABLES), len(TABLES))
        return written
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, table: str, workspace_id: object, file: Path) -> int:
    names = [row["attname"] for row in await connection.fetch(_COLUMNS, f'"{table}"', list(LEFT_OUT.get(table, ())))]
    columns = ", ".join(f'"{name}"' for name in names)
    query = f'select {columns} from "{table}" where workspace_id = $1'  # noqa: S608  Names of our own list and catalogue.
    status: str = await connection.copy_from_query(query, workspace_id, output=file, format="csv", header=True)
    return int(status.rpartition(" ")[2])


def _make(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandFailed(f"{out} cannot be made: {error.strerror}") from error
