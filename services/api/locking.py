"""The first statement of every write on a customer: lock it and draw its next event number."""

from uuid import UUID

from sqlalchemy import ColumnElement, true, update

from services.api.visibility import visible_customers
from services.api.work import Work
from shared.errors import Fault, InvalidInput, NotFound, VersionMismatch
from shared.models import Customer


async def lock_customer(work: Work, customer_id: UUID, *, deleted: bool = False) -> int:
    """The customer's new event number. Raises NotFound unless the caller may see it (deleted ones only if asked)."""
    found = await _lock(work, Customer.id == customer_id, deleted=deleted)
    if found is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
    return found[1]


async def lock_subject(work: Work, customer_id: UUID | None, external_id: str | None) -> tuple[UUID, int]:
    """The customer that a fact is about, and its event number. Raises InvalidInput for one that is not there."""
    if (customer_id is None) == (external_id is None):
        detail = "Send either customer_id or customer_external_id."
        raise InvalidInput(Fault("#/customer_id", "required", detail))
    if customer_id is not None:
        condition, pointer = Customer.id == customer_id, "#/customer_id"
    else:
        condition, pointer = Customer.external_id == external_id, "#/customer_external_id"
    found = await _lock(work, condition)
    if found is None:
        raise InvalidInput(Fault(pointer, "unknown_customer", "No such customer in your portfolio."))
    return found


async def _lock(work: Work, condition: ColumnElement[bool], *, deleted: bool = False) -> tuple[UUID, int] | None:
    alive = true() if deleted else Customer.deleted_at.is_(None)
    statement = (
        update(Customer)
        .where(Customer.workspace_id == work.workspace_id, condition, alive, visible_customers(work.principal))
        .values(event_seq=Customer.event_seq + 1)
        .returning(Customer.id, Customer.event_seq)
    )
    row = (await work.session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row is not None else None


def check_version(current: int, expected: int | None) -> None:
    """Raises VersionMismatch if the caller read another version."""
    if expected is not None and expected != current:
        raise VersionMismatch(current)
