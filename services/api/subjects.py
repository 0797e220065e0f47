"""Which customer a fact is about, and whether the caller may write about it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import or_, select

from services.api.batches import Batch
from services.api.visibility import visible_customers
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.errors import Fault, InvalidInput
from shared.models import Customer


class AboutCustomer(Protocol):
    """A fact names its customer by id or by the caller's own reference."""

    @property
    def customer_id(self) -> UUID | None: ...

    @property
    def customer_external_id(self) -> str | None: ...


def one_reference(fact: AboutCustomer) -> Sequence[Fault]:
    """A fault unless exactly one of the two ways is used."""
    if (fact.customer_id is None) == (fact.customer_external_id is None):
        return [Fault("#/customer_id", "required", "Send either customer_id or customer_external_id.")]
    return []


async def customer_in_sight(work: Work, fact: AboutCustomer) -> UUID:
    """The id of a fact's customer. Raises InvalidInput for one that is not there, or not for this caller."""
    if faults := one_reference(fact):
        raise InvalidInput(*faults)
    by_id = fact.customer_id is not None
    condition = Customer.id == fact.customer_id if by_id else Customer.external_id == fact.customer_external_id
    found = await work.session.scalar(
        select(Customer.id).where(
            Customer.workspace_id == work.workspace_id,
            condition,
            Customer.deleted_at.is_(None),
            visible_customers(work.principal),
        )
    )
    if found is None:
        raise InvalidInput(unknown_customer(fact))
    return found


def unknown_customer(fact: AboutCustomer) -> Fault:
    pointer = "#/customer_id" if fact.customer_id is not None else "#/customer_external_id"
    return Fault(pointer, "unknown_customer", "No such customer in your portfolio.")


async def reject_out_of_sight(work: Work, batch: Batch[Any]) -> None:
    """Reject the rows about customers that a caller with a narrowed view may not touch. One query."""
    if work.principal.sees_everything or not batch.rows:
        return
    ids = [row.customer_id for row in batch.rows.values() if row.customer_id is not None]
    references = [row.customer_external_id for row in batch.rows.values() if row.customer_external_id is not None]
    statement = select(Customer.id, Customer.external_id).where(
        Customer.workspace_id == work.workspace_id,
        or_(Customer.id.in_(ids), Customer.external_id.in_(references)),
        visible_customers(work.principal),
    )
    seen: set[UUID | str | None] = set()
    for id_, reference in await work.session.execute(statement):
        seen |= {id_, reference}
    for index, row in list(batch.rows.items()):
        if (row.customer_id or row.customer_external_id) not in seen:
            batch.reject(index, unknown_customer(row))


Customers = Mapping[UUID | str | None, UUID]
_LOCK: Final = """
select id, external_id from customer
 where workspace_id = $1 and deleted_at is null and (id = any ($2::uuid[]) or external_id = any ($3::text[]))
 order by id for no key update
"""


async def lock_customers_of(work: Work, batch: Batch[Any]) -> Customers:
    """Lock the customers of a batch and reject the rows of those that are not there. Ids by id and by reference.

    They are locked in the order of their ids, so that two batches never wait for each other in a ring.
    """
    if not batch.rows:
        return {}
    connection = await raw_connection(work.session)
    ids = list({row.customer_id for row in batch.rows.values()} - {None})
    references = list({row.customer_external_id for row in batch.rows.values()} - {None})
    found: dict[UUID | str | None, UUID] = {}
    for id_, reference in await connection.fetch(_LOCK, work.workspace_id, ids, references):
        found |= {id_: id_, reference: id_}
    for index, row in list(batch.rows.items()):
        if row.customer_key not in found:
            batch.reject(index, unknown_customer(row))
    return found
