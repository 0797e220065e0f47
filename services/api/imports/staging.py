"""From the uploaded file to the staging table: rows are parsed in a thread, a slice ahead of the one being copied."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from services.api.imports.domain.entities import COLUMNS
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.rows import Candidate, Reason, Rejected
from services.api.imports.jobs import Job, held
from services.api.imports.parsing import OpenFile, Slice

TABLES: Final[dict[Entity, str]] = {
    "customers": "import_customer_row",
    "transactions": "import_transaction_row",
    "interactions": "import_interaction_row",
    "opportunities": "import_opportunity_row",
}
EMPTY: Final[dict[Entity, str]] = {
    "customers": "delete from import_customer_row where workspace_id = $1 and import_id = $2",
    "transactions": "delete from import_transaction_row where workspace_id = $1 and import_id = $2",
    "interactions": "delete from import_interaction_row where workspace_id = $1 and import_id = $2",
    "opportunities": "delete from import_opportunity_row where workspace_id = $1 and import_id = $2",
}
ANALYZE: Final[dict[Entity, str]] = {
    "customers": "analyze import_customer_row (workspace_id, import_id, line_number, identity, customer_id)",
    "transactions": "analyze import_transaction_row"
    " (workspace_id, import_id, line_number, customer_external_id, order_id)",
    "interactions": "analyze import_interaction_row (workspace_id, import_id, line_number, customer_external_id)",
    "opportunities": "analyze import_opportunity_row (workspace_id, import_id, line_number, customer_external_id)",
}
"""The planner knows nothing of rows that came a second ago, and would loop over them."""

_CHUNK = "select content from import_chunk where workspace_id = $1 and import_id = $2 and position = $3"
_KNOWN = "select external_id from customer where workspace_id = $1 and external_id = any ($2) and deleted_at is null"
_FORGET_FAULTS = "delete from import_error where workspace_id = $1 and import_id = $2"
_OPENED = """
update import
   set rows_total = $4, rows_parsed = 0, columns = $5, warnings = $6, duplicate = 0, rejected = 0
 where workspace_id = $1 and id = $2 and lease_token = $3 and status = 'parsing'
returning true
"""
_PARSED = """
update import
   set rows_parsed = rows_parsed + $4, duplicate = duplicate + $5, rejected = rejected + $6, attempts = 0
 where workspace_id = $1 and id = $2 and lease_token = $3 and status = 'parsing'
returning true
"""
_STAGED = """
update import
   set status = 'merging', staged_through = $4, rows_total = rows_parsed
 where workspace_id = $1 and id = $2 and lease_token = $3 and status in ('parsing', 'merging')
returning true
"""
FAULT_COLUMNS: Final = ("workspace_id", "import_id", "line_number", "column", "code", "detail", "value")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one line, ready to be shown."""

    line_number: int
    column: str | None
    code: str
    detail: str
    value: str | None


def described(reason: Reason, language: str) -> Fault:
    return Fault(reason.line_number, reason.column, reason.code, reason.describe(language), reason.value)


async def fetch_file(connection: asyncpg.Connection, job: Job, path: Path) -> None:
    """Write the uploaded file to `path`, one piece in memory at a time."""
    file = await asyncio.to_thread(path.open, "wb")
    try:
        position = 0
        while (content := await connection.fetchval(_CHUNK, job.workspace_id, job.id, position)) is not None:
            await asyncio.to_thread(file.write, content)
            position += 1
    finally:
        await asyncio.to_thread(file.close)


async def slices_of(file: OpenFile) -> AsyncGenerator[Slice, None]:
    """The file's slices; while one is used, the next one is parsed. Ends only when the thread has ended."""
    slices: Iterator[Slice] = iter(file)
    ahead = asyncio.ensure_future(asyncio.to_thread(next, slices, None))
    try:
        while (parsed := await asyncio.shield(ahead)) is not None:
            ahead = asyncio.ensure_future(asyncio.to_thread(next, slices, None))
            yield parsed
    finally:
        await asyncio.wait([ahead])
        _ = ahead.cancelled() or ahead.exception()


class Staging:
    """Fills the staging table of one import; each method is called in a transaction of its own. Raises LeaseLost.

    If the merge had begun when PostgreSQL lost the table, the rows come back as they were, and what was reported and
    counted stays.
    """

    def __init__(self, connection: asyncpg.Connection, job: Job, file: OpenFile) -> None:
        self._connection = connection
        self._job = job
        self._file = file
        self._again = job.merging
        self._last = 0

    async def begin(self) -> None:
        """Forget what an interrupted try left behind."""
        job, file = self._job, self._file
        await self._connection.execute(EMPTY[job.entity], job.workspace_id, job.id)
        if self._again:
            return
        await self._connection.execute(_FORGET_FAULTS, job.workspace_id, job.id)
        columns, warnings = json.dumps(file.columns), json.dumps(file.warnings, ensure_ascii=False)
        held(await self._connection.fetchval(_OPENED, *job.held, file.lines, columns, warnings))
        job.columns = file.columns

    async def end(self) -> None:
        """Everything is staged: from here on the import merges."""
        held(await self._connection.fetchval(_STAGED, *self._job.held, self._last))
        await self._connection.execute(ANALYZE[self._job.entity])
        self._job.merging, self._job.staged_through = True, self._last

    async def write(self, parsed: Slice) -> None:
        """Copy a slice, and report and count what is wrong in it."""
        await self._connection.execute("set local synchronous_commit = off")
        await self._copy(parsed.candidates)
        self._last = parsed.last_line or self._last
        if self._again:
            return
        rejected = await self._with_unknown_customers(parsed.rejected)
        await write_faults(
            self._connection, self._job, (described(r, self._job.language) for line in rejected for r in line.reasons)
        )
        counts = (parsed.rows, parsed.duplicates, len(rejected) - parsed.duplicates)
        held(await self._connection.fetchval(_PARSED, *self._job.held, *counts))

    async def _copy(self, candidates: list[Candidate]) -> None:
        whose = (self._job.workspace_id, self._job.id)
        await self._connection.copy_records_to_table(
            TABLES[self._job.entity],
            records=[whose + candidate for candidate in candidates],
            columns=("workspace_id", "import_id", *COLUMNS[self._job.entity]),
        )

    async def _with_unknown_customers(self, rejected: list[Rejected]) -> list[Rejected]:
        """Rejected lines that also name a customer nobody knows say so before anything but `duplicate` (I7)."""
        named = {line.customer_external_id for line in rejected} - {None}
        if not named or self._file.creates_customers:
            return rejected
        rows = await self._connection.fetch(_KNOWN, self._job.workspace_id, list(named))
        unknown = named - {row["external_id"] for row in rows}
        return [self._file.naming_nobody(line) if line.customer_external_id in unknown else line for line in rejected]


async def write_faults(connection: asyncpg.Connection, job: Job, faults: Iterable[Fault]) -> None:
    """Report faults of lines."""
    await connection.copy_records_to_table(
        "import_error",
        records=[
            (job.workspace_id, job.id, fault.line_number, fault.column, fault.code, fault.detail, fault.value)
            for fault in faults
        ],
        columns=FAULT_COLUMNS,
    )
