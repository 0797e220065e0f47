"""The first statement of every write on a customer: lock it. So its events are numbered in the order of its changes."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from services.api.visibility import visible_customers
from services.api.work import Work
from shared.errors import InvalidInput, NotFound, VersionMismatch
from shared.models import Customer


async def lock_customer(work: Work, customer_id: UUID, *, deleted: bool = False) -> None:
    """Raises NotFound unless the caller may see it (deleted ones only if asked)."""
    if not await _lock(work, customer_id, deleted=deleted):
        raise NotFound(f"Customer {customer_id} does not exist.")


async def lock_subject(work: Work, customer_id: UUID) -> None:
    """The same for a customer that the body names: raises InvalidInput for one that is not there."""
    if not await _lock(work, customer_id):
        raise InvalidInput.at("#/customer_id", "unknown_customer", "No such customer in your portfolio.")


async def _lock(work: Work, customer_id: UUID, *, deleted: bool = False) -> bool:
    alive: ColumnElement[bool] = true() if deleted else Customer.deleted_at.is_(None)
    statement = (
        select(Customer.id)
        .where(
            Customer.workspace_id == work.workspace_id,
            Customer.id == customer_id,
            alive,
            visible_customers(work.principal),
        )
        .with_for_update(key_share=True)
    )
    return await work.session.scalar(statement) is not None


def check_version(current: int, expected: int | None) -> None:
    """Raises VersionMismatch if the caller read another version."""
    if expected is not None and expected != current:
        raise VersionMismatch(current)
