"""Record interactions: one in a single statement, many in a single statement."""

from typing import Any, Final

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
COLUMNS: Final = ("external_id", "kind", "direction", "occurred_at", "duration_seconds", "subject", "body",
                  "message_id", "cost")  # fmt: skip
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
    await _record_new(work, batch, customers)
    await _record_new(work, batch, customers)  # Rows that lost a race for their external_id; nearly always none.
    return batch.summary()


async def _record_new(work: Work, batch: Batch[NewInteraction], customers: Customers) -> None:
    if not batch.rows:
        return
    connection = await raw_connection(work.session)
    known = await connection.fetch(KNOWN, work.workspace_id, batch.column("external_id"))
    fresh = batch.accept_known({row["external_id"]: row["id"] for row in known})
    recorded = await connection.fetch(
        load_sql(PACKAGE, "sql/insert_interactions"),
        work.workspace_id,
        list(fresh),
        [customers[batch.rows[index].customer_key] for index in fresh.values()],
        *([getattr(batch.rows[index], name) for index in fresh.values()] for name in COLUMNS),
        [encode(batch.rows[index].metadata).decode() for index in fresh.values()],
        work.principal.user_id,
        current_correlation(),
    )
    batch.accept_new(fresh, (row["id"] for row in recorded))
