"""One import from its claim to its end. Each step is a transaction with its checkpoint: another worker can go on."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import asyncpg

from services.api.imports.domain.rows import Unusable
from services.api.imports.jobs import Job, finish
from services.api.imports.merging import COLLISIONS, Outcome, merge_slice, record
from services.api.imports.parsing import ROWS_AT_ONCE, OpenFile, References, UnusableColumns, product_key
from services.api.imports.reader import UnreadableFile
from services.api.imports.staging import Staging, fetch_file, slices_of
from shared.domain.calendar import local_day
from shared.logging import get_logger

TRIES: Final = 5
"""How often an import may be begun without anything moving on before it is given up."""

_NOW = "select workspace_now($1)"
_OWNERS = "select lower(email) from user_account where workspace_id = $1"
_PRODUCTS = "select name from product where workspace_id = $1"
_STAGED = """
select exists (select from import_customer_row where workspace_id = $1 and import_id = $2 and line_number = $3)
    or exists (select from import_transaction_row where workspace_id = $1 and import_id = $2 and line_number = $3)
    or exists (select from import_interaction_row where workspace_id = $1 and import_id = $2 and line_number = $3)
    or exists (select from import_opportunity_row where workspace_id = $1 and import_id = $2 and line_number = $3)
"""
# A crash of the database may take the last slices back, but never without their checkpoint; the end is waited for.
# Ten thousand look-ups in an index that is in memory cost less than reading a table of millions for each slice.
_FAST = "set local synchronous_commit = off; set local work_mem = '32MB'; set local random_page_cost = 1.1"


@dataclass(frozen=True, slots=True)
class Pace:
    """`rows_at_once` is the size of a slice; `folder` is where the file lies while it is read."""

    rows_at_once: int = ROWS_AT_ONCE
    folder: str | None = None


async def run_import(connection: asyncpg.Connection, job: Job, pace: Pace) -> None:
    """Bring an import to its end, from wherever it stands.

    What is wrong with the file ends it. Raises LeaseLost, and whatever an outage raises: it is then tried again.
    """
    try:
        if job.attempts > TRIES:
            raise UnreadableFile("gave_up")
        if not await _is_staged(connection, job):
            await _stage(connection, job, pace)
        await (_rehearse if job.dry_run else _merge)(connection, job, pace.rows_at_once)
    except (UnreadableFile, UnusableColumns, Unusable) as error:
        await _end(connection, job, "failed", _told(error, job.language))
    else:
        await _end(connection, job, "completed")


async def _is_staged(connection: asyncpg.Connection, job: Job) -> bool:
    """Staging tables are unlogged: after a crash of PostgreSQL they are empty."""
    if not job.merging:
        return False
    is_merged = job.staged_through <= job.merged_through
    return is_merged or await connection.fetchval(_STAGED, job.workspace_id, job.id, job.staged_through)


async def _stage(connection: asyncpg.Connection, job: Job, pace: Pace) -> None:
    references = await _references(connection, job)
    today = local_day(await _now(connection, job), job.zone)
    with TemporaryDirectory(prefix="portefeuille-import-", dir=pace.folder) as folder:
        path = Path(folder) / "file"
        await fetch_file(connection, job, path)
        with await asyncio.to_thread(OpenFile, path, job, today, references, pace.rows_at_once) as file:
            await _fill(connection, Staging(connection, job, file), file)


async def _fill(connection: asyncpg.Connection, staging: Staging, file: OpenFile) -> None:
    async with connection.transaction():
        await staging.begin()
    async with aclosing(slices_of(file)) as slices:
        async for parsed in slices:
            async with connection.transaction():
                await connection.execute(_FAST)
                await staging.write(parsed)
    async with connection.transaction():
        await staging.end()


async def _references(connection: asyncpg.Connection, job: Job) -> References:
    owners = await connection.fetch(_OWNERS, job.workspace_id)
    products = await connection.fetch(_PRODUCTS, job.workspace_id)
    return References({row[0] for row in owners}, {product_key(row[0]) for row in products})


async def _merge(connection: asyncpg.Connection, job: Job, rows_at_once: int) -> None:
    while job.merged_through < job.staged_through:
        through = min(job.merged_through + rows_at_once, job.staged_through)
        for attempt in range(TRIES):
            try:
                await _merge_through(connection, job, through)
            except COLLISIONS:
                if attempt == TRIES - 1:
                    raise
            else:
                break
        job.merged_through = through


async def _merge_through(connection: asyncpg.Connection, job: Job, through: int) -> None:
    async with connection.transaction():
        await connection.execute(_FAST)
        outcome = await merge_slice(connection, job, through, await _now(connection, job))
        await record(connection, job, through, outcome)


async def _rehearse(connection: asyncpg.Connection, job: Job, rows_at_once: int) -> None:
    """The same statements in one transaction that is undone; only what would have been is written down."""
    total = Outcome()
    job.merged_through = 0
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(_FAST)
        while job.merged_through < job.staged_through:
            through = min(job.merged_through + rows_at_once, job.staged_through)
            total += await merge_slice(connection, job, through, await _now(connection, job))
            job.merged_through = through
    finally:
        await transaction.rollback()
    total.touched.clear()
    async with connection.transaction():
        await record(connection, job, job.staged_through, total)


async def _end(connection: asyncpg.Connection, job: Job, status: str, error: dict[str, Any] | None = None) -> None:
    async with connection.transaction():
        await finish(connection, job, status, await _now(connection, job), error)
    get_logger().info("import.ended", status=status, code=error and error["code"])


async def _now(connection: asyncpg.Connection, job: Job) -> datetime:
    now: datetime = await connection.fetchval(_NOW, job.workspace_id)
    return now


def _told(error: UnreadableFile | UnusableColumns | Unusable, language: str) -> dict[str, Any]:
    if isinstance(error, UnusableColumns):
        return {"code": error.faults[0]["code"], "detail": error.faults[0]["detail"], "faults": error.faults}
    return {"code": error.code, "detail": error.describe(language), "faults": []}
