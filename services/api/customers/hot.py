"""The hottest read: one customer in one round trip. Callers with a narrowed view take the ordinary path."""

from typing import Final
from uuid import UUID

from starlette.responses import Response

from services.api.customers.queries import ADDRESS, PLAIN, as_customer, customer_by_id
from services.api.door import Door, unless_known
from shared.db.ingest import connection_in
from shared.errors import NotFound

SELECT: Final = (
    f"select {', '.join((*PLAIN, *ADDRESS.values()))} from customer"  # noqa: S608  Constant column names.
    " where workspace_id = $1 and id = $2 and deleted_at is null"
)


async def read_customer(door: Door, customer_id: UUID) -> Response:
    """200 with the customer, 304 when the caller has it; raises NotFound."""
    if not door.principal.sees_everything:
        return await door.read(customer_by_id, customer_id)
    workspace_id = door.principal.workspace_id
    async with connection_in(door.services.pool, workspace_id) as connection:
        row = await connection.fetchrow(SELECT, workspace_id, customer_id)
    if row is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
    return unless_known(door.request, as_customer(row))
