"""Which events of a batch anybody waits for: on a busy day most concern no sequence and no alert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.sql import load_sql
from shared.events.base import Envelope

FOR_THEMSELVES: Final = frozenset(
    {"enrollment.requested", "alert_rule.defined", "reminder_rule.defined", "contract.changed", "customer.updated"}
)
_STARTED_BY: Final = {"segment.entered": "segment_entered", "segment.left": "segment_left"}
_INTEREST: Final = text(load_sql("services.scheduler.sql", "interest"))


@dataclass(slots=True)
class Interest:
    """What a workspace waits for. `starting` holds types of events, and pairs of a trigger and its segment."""

    starting: set[str | tuple[str, UUID]] = field(default_factory=set)
    running: set[UUID | None] = field(default_factory=set)
    alerts: bool = False

    def add(self, kind: str, id: UUID | None, event: str | None) -> None:
        if kind == "running":
            self.running.add(id)
        elif kind == "alert":
            self.alerts = True
        elif kind == "event" and event is not None:
            self.starting.add(event)
        elif id is not None:
            self.starting.add((kind, id))

    def starts(self, event: Envelope) -> bool:
        """Whether this may begin a sequence for its customer."""
        if event.type in _STARTED_BY:
            return (_STARTED_BY[event.type], UUID(event.data["segment_id"])) in self.starting or (
                event.type in self.starting
            )
        return event.type in self.starting or event.type == "enrollment.requested"


async def awaited(session: AsyncSession, workspace_id: UUID, events: Sequence[Envelope]) -> list[Envelope]:
    """Those of one workspace's events that may start, end or decide something, in their order.

    Whoever may begin a sequence with this batch may also leave it with this batch.
    """
    interest = await _interest(session, workspace_id, events)
    followed = interest.running | {event.customer_id for event in events if interest.starts(event)}
    return [
        event
        for event in events
        if event.type in FOR_THEMSELVES
        or (event.customer_id is not None and event.customer_id in followed)
        or (interest.alerts and event.type == "score.changed")
    ]


async def _interest(session: AsyncSession, workspace_id: UUID, events: Iterable[Envelope]) -> Interest:
    customers = {event.customer_id for event in events if event.customer_id is not None}
    interest = Interest()
    for row in await session.execute(_INTEREST, {"workspace": workspace_id, "customers": list(customers)}):
        interest.add(row.kind, row.id, row.event)
    return interest
