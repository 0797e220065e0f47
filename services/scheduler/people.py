"""The customer and its owner, as templates, tasks and notifications need them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.workspaces import Company
from shared.domain.automation.steps import OWNER, TEAM
from shared.models import Customer, UserAccount


@dataclass(frozen=True, slots=True)
class Person:
    """A living customer and the user who looks after it, if any."""

    customer: Customer
    owner: UserAccount | None

    def values(self, company: Company) -> dict[str, Any]:
        """What a template may name, `unsubscribe_url` apart (`shared.rendering.VARIABLES`)."""
        customer, owner = self.customer, self.owner
        return {
            "customer": {name: getattr(customer, name) for name in _CUSTOMER},
            "owner": {name: getattr(owner, name) if owner else None for name in ("id", "name", "email")},
            "workspace": {
                "id": company.id, "name": company.name, "currency": company.currency, "timezone": company.zone.key,
            },
        }  # fmt: skip


_CUSTOMER = (
    "id", "external_id", "kind", "name", "email", "phone", "city", "country", "postal_code", "region", "language",
    "sector", "birth_date", "siren",
)  # fmt: skip


async def find_person(session: AsyncSession, workspace_id: UUID, customer_id: UUID) -> Person | None:
    """None if the customer was deleted."""
    owner = and_(UserAccount.workspace_id == Customer.workspace_id, UserAccount.id == Customer.owner_id)
    alive = (Customer.workspace_id == workspace_id, Customer.id == customer_id, Customer.deleted_at.is_(None))
    found = (await session.execute(select(Customer, UserAccount).outerjoin(UserAccount, owner).where(*alive))).first()
    return Person(found[0], found[1]) if found else None


async def users_meant(
    session: AsyncSession, workspace_id: UUID, person: Person | None, to: str
) -> tuple[UUID | None, ...]:
    """The users that `owner`, `team` or a user's id stands for; (None,) means everybody who may see the customer."""
    owner = person.owner if person else None
    if to not in {OWNER, TEAM}:
        return (UUID(to),)
    if owner is None:
        return (None,)
    if to == OWNER or owner.team_id is None:
        return (owner.id,)
    members = select(UserAccount.id).where(
        UserAccount.workspace_id == workspace_id, UserAccount.team_id == owner.team_id, UserAccount.active
    )
    return tuple(await session.scalars(members.order_by(UserAccount.id)))
