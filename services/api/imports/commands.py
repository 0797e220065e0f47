"""Receive a file and cancel an import. What happens in between is the worker's."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, delete, select, update

from services.api import records
from services.api.door import Answer
from services.api.imports.domain.headers import Entity
from services.api.imports.queries import NAMES, as_import
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.errors import Conflict, NotFound
from shared.events.facts import ImportCompleted, ImportReceived
from shared.models import CustomerRow, Import, ImportChunk, InteractionRow, OpportunityRow, TransactionRow
from shared.outbox.append import append
from shared.telemetry import current_correlation

UNFINISHED: Final = ("received", "parsing", "merging")
COLUMNS: Final = [getattr(Import, name) for name in NAMES]
LEFTOVERS: Final = (ImportChunk, CustomerRow, TransactionRow, InteractionRow, OpportunityRow)
_STORE: Final = "insert into import_chunk (workspace_id, import_id, position, content) values ($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A checked request for an import. `pieces` reads the file, which may be read once."""

    entity: Entity
    filename: str
    mapping: Mapping[str, Any]
    dry_run: bool
    size: int
    pieces: AsyncIterator[bytes]


async def receive_import(work: Work, file: ReceivedFile) -> Answer:
    """202 with the import that waits for the worker. The file is stored piece by piece."""
    row = await records.add(
        work,
        Import,
        {
            "entity": file.entity,
            "filename": file.filename,
            "mapping": file.mapping,
            "dry_run": file.dry_run,
            "bytes_total": file.size,
            "requested_by": work.principal.user_id,
            "correlation_id": current_correlation(),
        },
    )
    connection = await raw_connection(work.session)
    position = 0
    async for piece in file.pieces:
        await connection.execute(_STORE, work.workspace_id, row["id"], position, piece)
        position += 1
    await append(work.session, work.workspace_id, [ImportReceived(row["id"], file.entity)], now=work.now)
    return Answer(as_import(row), 202, {"Location": f"/v1/imports/{row['id']}"})


async def cancel_import(work: Work, import_id: UUID) -> dict[str, Any]:
    """Stops an import between two slices; what is merged stays, and is told. Cancelling twice is cancelling once.

    Raises Conflict for one that has ended otherwise.
    """
    row = await _lock(work, import_id)
    if row["status"] == "cancelled":
        return as_import(row)
    if row["status"] not in UNFINISHED:
        raise Conflict(f"The import is {row['status']} already.")
    statement = (
        update(Import)
        .where(Import.workspace_id == work.workspace_id, Import.id == import_id)
        .values(status="cancelled", finished_at=work.now, lease_token=None, lease_until=None)
        .returning(*COLUMNS)
    )
    cancelled = (await work.session.execute(statement)).mappings().one()
    for table in LEFTOVERS:
        await work.session.execute(
            delete(table).where(table.workspace_id == work.workspace_id, table.import_id == import_id)
        )
    await _tell(work, cancelled)
    return as_import(cancelled)


async def _lock(work: Work, import_id: UUID) -> RowMapping:
    """The import as it stays until the transaction ends: no slice can end meanwhile. Raises NotFound."""
    statement = select(*COLUMNS).where(Import.workspace_id == work.workspace_id, Import.id == import_id)
    row = (await work.session.execute(statement.with_for_update(key_share=True))).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Import {import_id} does not exist.")
    return row


async def _tell(work: Work, row: Mapping[Any, Any]) -> None:
    """What was brought has to be counted, also when it is not everything."""
    if row["dry_run"] or not row["created"] + row["updated"] + row["customers_created"]:
        return
    event = ImportCompleted(row["id"], row["entity"], row["created"], row["updated"], row["rejected"])
    await append(work.session, work.workspace_id, [event], now=work.now)
