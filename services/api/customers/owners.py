"""Whether the people named as owners belong to the workspace."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import select

from services.api.customers.schemas import CustomerFields
from services.api.work import Work
from shared.errors import Fault, InvalidInput
from shared.models import UserAccount


async def check_owners(work: Work, fields: CustomerFields) -> None:
    """Raises InvalidInput for anybody who is no user of the workspace."""
    if faults := (await unknown_owners(work, [fields]))(fields):
        raise InvalidInput(*faults)


async def unknown_owners(work: Work, rows: Iterable[CustomerFields]) -> Callable[[CustomerFields], list[Fault]]:
    """One query for all rows; the answer gives the faults of each."""
    named = {id_ for row in rows for id_ in _named(row).values()}
    known: set[UUID] = set()
    if named:
        statement = select(UserAccount.id).where(
            UserAccount.workspace_id == work.workspace_id, UserAccount.id.in_(named)
        )
        known = set(await work.session.scalars(statement))

    def faults(row: CustomerFields) -> list[Fault]:
        unknown = [pointer for pointer, id_ in _named(row).items() if id_ not in known]
        return [Fault(pointer, "unknown_reference", "No such user in this workspace.") for pointer in unknown]

    return faults


def _named(row: CustomerFields) -> dict[str, UUID]:
    secondary = {f"#/secondary_owner_ids/{number}": id_ for number, id_ in enumerate(row.secondary_owner_ids)}
    return secondary | ({"#/owner_id": row.owner_id} if row.owner_id is not None else {})
