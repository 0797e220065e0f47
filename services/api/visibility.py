"""Record-level scope: which customers a caller may see and change.

Admins and readers of the whole see all; a manager sees what the people of its teams own; a rep sees its own portfolio,
primary or secondary. A record outside the scope is answered like one that does not exist.
A key without a user acts for a machine: as manager for all teams, as rep for nobody's portfolio.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from services.api.security import Principal
from shared.errors import Forbidden
from shared.models import Customer, Team, UserAccount


def visible_customers(principal: Principal) -> ColumnElement[bool]:
    """A condition on `customer`."""
    if principal.sees_everything:
        return true()
    if principal.user_id is None:
        return true() if principal.role == "manager" else false()
    if principal.role == "manager":
        people = _people_of(principal)
        shared = Customer.secondary_owner_ids.op("&&")(func.array(people.scalar_subquery()))
        return or_(Customer.owner_id.in_(people), shared)
    return or_(Customer.owner_id == principal.user_id, Customer.secondary_owner_ids.contains([principal.user_id]))


def visible_facts(
    principal: Principal, customer_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
) -> ColumnElement[bool]:
    """A condition on a table with a `customer_id`: its customer is visible and not deleted."""
    if principal.sees_everything:
        return true()
    seen = select(Customer.id).where(
        Customer.workspace_id == principal.workspace_id, Customer.deleted_at.is_(None), visible_customers(principal)
    )
    return customer_id.in_(seen)


def own_records(principal: Principal, user_id: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """A condition on a record that belongs to a person: the caller, or for a manager somebody of its teams."""
    if principal.sees_everything:
        return true()
    if principal.user_id is None:
        return true() if principal.role == "manager" else false()
    if principal.role == "manager":
        return user_id.in_(_people_of(principal))
    return user_id == principal.user_id


def refuse_narrowed(principal: Principal) -> None:
    """Raises Forbidden for callers who see a part of the customers: some answers cannot be cut to a part."""
    if not principal.sees_everything and (principal.role != "manager" or principal.user_id is not None):
        raise Forbidden("This answer is about every customer, and this caller sees a part of them.")


def _people_of(principal: Principal) -> Select[UUID]:
    teams = select(Team.id).where(
        Team.workspace_id == principal.workspace_id,
        or_(Team.manager_id == principal.user_id, Team.id == principal.team_id),
    )
    return select(UserAccount.id).where(
        UserAccount.workspace_id == principal.workspace_id,
        or_(UserAccount.team_id.in_(teams), UserAccount.id == principal.user_id),
    )
