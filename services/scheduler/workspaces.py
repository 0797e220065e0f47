"""The workspace a piece of work belongs to, as the scheduler needs to know it, and the instant it is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.domain.calendar import local_day, zone_named
from shared.domain.rules.viewpoint import Viewpoint
from shared.models import Workspace


@dataclass(frozen=True, slots=True)
class Company:
    """One workspace. `settings` are its overrides."""

    id: UUID
    name: str
    zone: ZoneInfo
    currency: str
    language: str
    sandbox: bool
    settings: Mapping[str, Any]

    def zone_of(self, timezone: str | None) -> ZoneInfo:
        """A customer's zone; without one, or with one that nobody knows, the workspace's."""
        try:
            return zone_named(timezone) if timezone else self.zone
        except LookupError:
            return self.zone

    def view(self, now: datetime) -> Viewpoint:
        """How rules see the present here (D1)."""
        return Viewpoint(self.today(now), now, self.zone)

    def today(self, now: datetime) -> date:
        return local_day(now, self.zone)


async def enter_company(session: AsyncSession, workspace_id: UUID) -> tuple[Company, datetime]:
    """The workspace and the instant on its clock; raises LookupError if there is none."""
    statement = select(Workspace, func.now() + Workspace.clock_offset).where(Workspace.id == workspace_id)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise LookupError(f"workspace {workspace_id} does not exist")
    row, now = found
    return as_company(row), now


def as_company(row: Workspace) -> Company:
    zone = zone_named(row.timezone)
    return Company(row.id, row.name, zone, row.currency, row.language, row.sandbox, row.settings)
