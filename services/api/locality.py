"""Where and when a workspace is: its zone, its currency, and which day it is there now."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.api.work import Work
from shared.domain.calendar import local_day, zone_named
from shared.domain.money import minor_units
from shared.domain.rules.viewpoint import Viewpoint
from shared.models import Workspace


@dataclass(frozen=True, slots=True)
class Locality:
    """`today` is the local day of the work's instant (D1)."""

    zone: ZoneInfo
    currency: str
    today: date

    @property
    def decimals(self) -> int:
        """Those of an amount in the workspace's currency (O1)."""
        return minor_units(self.currency)


async def locality_of(work: Work) -> Locality:
    """The caller's workspace at `work.now`."""
    statement = select(Workspace.timezone, Workspace.currency).where(Workspace.id == work.workspace_id)
    timezone, currency = (await work.session.execute(statement)).one()
    zone = zone_named(timezone)
    return Locality(zone, currency, local_day(work.now, zone))


async def viewpoint_of(work: Work) -> Viewpoint:
    """From where rules are asked in the caller's workspace."""
    locality = await locality_of(work)
    return Viewpoint(locality.today, work.now, locality.zone)
