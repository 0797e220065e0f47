"""Read imports and what was wrong with their lines."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, tuple_

from services.api import records
from services.api.imports.schemas import FaultListParameters, ImportListParameters
from services.api.pagination import Sort, page
from services.api.work import Work
from shared.models import Import, ImportFault

NAMES = ("id", "entity", "filename", "dry_run", "status", "mapping", "columns", "bytes_total", "rows_total",
         "rows_parsed", "merged_through", "created", "updated", "unchanged", "duplicate", "rejected",
         "customers_created", "warnings", "error", "requested_by", "created_at", "started_at",
         "finished_at")  # fmt: skip
CSV_ROWS = 5_000
Position = tuple[int, int]


def as_import(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


async def import_by_id(work: Work, import_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_import(await records.find(work, Import, import_id))


async def imports_by(work: Work, wanted: ImportListParameters) -> dict[str, Any]:
    sort = Sort(Import.created_at, Import.id, descending=True)
    return await records.listed(
        work, Import, wanted, sort, as_import, *records.matching(Import, wanted, "status", "entity")
    )


async def faults_of(work: Work, import_id: UUID, wanted: FaultListParameters) -> dict[str, Any]:
    """A page of faults in the order of the lines. Raises NotFound."""
    await records.find(work, Import, import_id)
    statement = _faults(work, import_id, wanted.code)
    sort = Sort(ImportFault.line_number, ImportFault.id)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=_as_fault)


async def faults_behind(
    work: Work, import_id: UUID, code: str | None, position: Position
) -> tuple[list[dict[str, Any]], Position]:
    """The next faults behind a position, and the new position: for reading all of them, in pieces."""
    place = tuple_(ImportFault.line_number, ImportFault.id)
    statement = (
        _faults(work, import_id, code)
        .add_columns(ImportFault.line_number, ImportFault.id)
        .where(place > position)
        .order_by(ImportFault.line_number, ImportFault.id)
        .limit(CSV_ROWS)
    )
    rows = (await work.session.execute(statement)).all()
    return [_as_fault(row) for row in rows], (rows[-1].line_number, rows[-1].id) if rows else position


def _faults(work: Work, import_id: UUID, code: str | None) -> Select[Any]:
    columns: list[Any] = [ImportFault.line_number.label("line"), ImportFault.column, ImportFault.code,
                          ImportFault.detail, ImportFault.value]  # fmt: skip
    statement = select(*columns).where(
        ImportFault.workspace_id == work.workspace_id, ImportFault.import_id == import_id
    )
    return statement if code is None else statement.where(ImportFault.code == code)


def _as_fault(row: Row[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in ("line", "column", "code", "detail", "value")}  # noqa: SLF001
