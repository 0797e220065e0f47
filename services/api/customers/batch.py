"""Write many customers by `external_id`: one query to know them, one statement to write what differs."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from services.api.batches import Batch, check_rows
from services.api.customers.owners import unknown_owners
from services.api.customers.queries import COLUMNS
from services.api.customers.schemas import CustomerBatch, CustomerRow
from services.api.customers.upserts import Upserts
from services.api.visibility import visible_customers
from services.api.wire import encode
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.db.sql import load_sql
from shared.errors import Fault, InvalidInput
from shared.models import Customer
from shared.telemetry import current_correlation

ROWS: Final = TypeAdapter(CustomerRow)
Outcome = tuple[UUID, bool, bool]


async def upsert_customers(work: Work, given: CustomerBatch) -> dict[str, Any]:
    """An answer per row: 201 new, 200 changed or as it was, 422 with its faults. The good rows are all in, or none."""
    batch = check_rows(given.items, ROWS, _has_reference)
    await _reject_unknown_owners(work, batch)
    updated = await _write(work, batch)
    updated += await _write(work, batch)  # Rows that lost a race for their external_id; nearly always none.
    return batch.summary(updated=updated)


def _has_reference(row: CustomerRow) -> Sequence[Fault]:
    if row.external_id is None:
        return [Fault("#/external_id", "required", "Rows of a batch are told apart by their external_id.")]
    return []


async def _reject_unknown_owners(work: Work, batch: Batch[CustomerRow]) -> None:
    unknown = await unknown_owners(work, batch.rows.values())
    for index, row in list(batch.rows.items()):
        if faults := unknown(row):
            batch.reject(index, *faults)


async def _write(work: Work, batch: Batch[CustomerRow]) -> int:
    """Apply and write the open rows; returns how many of them changed a customer."""
    if not batch.rows:
        return 0
    upserts = await _known(work, batch)
    outcomes = _apply(batch, upserts)
    connection = await raw_connection(work.session, sets=True)
    rows = await connection.fetch(
        load_sql("services.api.customers", "sql/write_customers"),
        work.workspace_id,
        work.now,
        encode(upserts.rows_to_add()).decode(),
        encode(upserts.rows_to_change()).decode(),
        current_correlation(),
    )
    lost = upserts.new.keys() - {row["id"] for row in rows}
    kept = {index: outcome for index, outcome in outcomes.items() if outcome[0] not in lost}
    for index, (id_, is_new, _) in kept.items():
        batch.accept(index, 201 if is_new else 200, id_)
    return sum(is_changed for _, _, is_changed in kept.values())


def _apply(batch: Batch[CustomerRow], upserts: Upserts) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for index, row in list(batch.rows.items()):
        try:
            outcomes[index] = upserts.apply(row)
        except InvalidInput as error:
            batch.reject(index, *error.faults)
    return outcomes


async def _known(work: Work, batch: Batch[CustomerRow]) -> Upserts:
    """The customers of the open rows, locked in the order of their ids. Rejects rows about those out of sight."""
    seen = visible_customers(work.principal).label("in_sight")
    statement = (
        select(*COLUMNS, Customer.phone_raw, seen)
        .where(
            Customer.workspace_id == work.workspace_id,
            Customer.deleted_at.is_(None),
            Customer.external_id.in_(set(batch.column("external_id"))),
        )
        .order_by(Customer.id)
        .with_for_update(key_share=True)
    )
    found = {row["external_id"]: dict(row) for row in (await work.session.execute(statement)).mappings()}
    hidden = {reference for reference, record in found.items() if not record.pop("in_sight")}
    for index, row in list(batch.rows.items()):
        if row.external_id in hidden:
            batch.reject(index, Fault("#/external_id", "duplicate", "Another record has this value already."))
    owner = work.principal.user_id if work.principal.role == "rep" else None
    return Upserts(found, work.now, owner)
