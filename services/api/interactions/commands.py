"""Record interactions: one in a single statement, many in a single statement."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from services.api.batches import Batch, check_rows
from services.api.door import Answer
from services.api.interactions.queries import as_interaction, interaction_by_id
from services.api.interactions.schemas import InteractionBatch, NewInteraction
from services.api.security import Principal
from services.api.subjects import (
    Customers,
    customer_in_sight,
    lock_customers_of,
    one_reference,
    reject_out_of_sight,
    unknown_customer,
)
from services.api.wire import encode
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.db.sql import load_sql
from shared.errors import InvalidInput
from shared.telemetry import current_correlation

PACKAGE: Final = "services.api.interactions"
ROWS: Final = TypeAdapter(NewInteraction)
KNOWN: Final = "select external_id, id from interaction where workspace_id = $1 and external_id = any ($2::text[])"


async def record_interaction(work: Work, new: NewInteraction) -> Answer:
    """201 with the interaction, or 200 with the first one that has this `external_id`."""
    found = await customer_in_sight(work, new)
    connection = await raw_connection(work.session)
    recorded = await record_with(connection, work.principal, new.model_copy(update={"customer_id": found}))
    # A session's connection reads JSON as text, so the answer is read in the session's own way.
    return Answer(await interaction_by_id(work, recorded.body["id"]), recorded.status)


async def record_with(connection: asyncpg.Connection, principal: Principal, new: NewInteraction) -> Answer:
    """The same for a caller who sees every customer and gives `customer_id`: nothing but the one statement."""
    row = await _record(connection, principal, new)
    if row is None and new.external_id is not None:
        row = await _record(connection, principal, new)  # It lost a race for its external_id: the winner is there now.
    if row is None:
        raise InvalidInput(unknown_customer(new))
    return Answer(as_interaction(row), 200 if row["repeated"] else 201)


async def _record(connection: asyncpg.Connection, principal: Principal, new: NewInteraction) -> asyncpg.Record | None:
    return await connection.fetchrow(
        load_sql(PACKAGE, "sql/record_interaction"),
        principal.workspace_id,
        new.customer_id,
        new.external_id,
        new.kind,
        new.direction,
        new.occurred_at,
        new.duration_seconds,
        new.subject,
        new.body,
        new.message_id,
        new.cost,
        encode(new.metadata).decode(),
        principal.user_id,
        current_correlation(),
    )


async def record_interactions(work: Work, given: InteractionBatch) -> dict[str, Any]:
    """An answer per row: 201 new, 200 known already, 422 with its faults. The good rows are all in, or none."""
    batch = check_rows(given.items, ROWS, one_reference)
    await reject_out_of_sight(work, batch)
    customers = await lock_customers_of(work, batch)
    await _record_new(work, batch, customers, known={})
    if batch.rows:  # Their external_id is taken: nearly always since long, else by somebody who was faster just now.
        await _record_new(work, batch, customers, known=await _known(work, batch))
    return batch.summary()


async def _known(work: Work, batch: Batch[NewInteraction]) -> dict[str, UUID]:
    connection = await raw_connection(work.session)
    rows = await connection.fetch(KNOWN, work.workspace_id, batch.column("external_id"))
    return {row["external_id"]: row["id"] for row in rows}


async def _record_new(
    work: Work, batch: Batch[NewInteraction], customers: Customers, known: Mapping[str, UUID]
) -> None:
    fresh = batch.accept_known(known)
    if not fresh:
        return
    connection = await raw_connection(work.session)
    recorded = await connection.fetch(
        load_sql(PACKAGE, "sql/insert_interactions"),
        work.workspace_id,
        encode([_row(id_, batch.rows[index], customers) for id_, index in fresh.items()]).decode(),
        work.principal.user_id,
        current_correlation(),
    )
    batch.accept_new(fresh, (row["id"] for row in recorded))


def _row(id: UUID, new: NewInteraction, customers: Customers) -> dict[str, Any]:
    return {**new.__dict__, "id": id, "customer_id": customers[new.customer_key]}
