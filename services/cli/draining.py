"""How much is still to be computed, and waiting until it is done."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nats.js import JetStreamContext
from sqlalchemy import text

from services.cli.answers import Advance
from shared.db.session import Sessions
from shared.messaging import backlog

CONSUMER: Final = "segmenter"
_LOOK_EVERY: Final = 0.2

# In the order in which work moves on, so that nothing slips through between two looks.
_OUTBOX: Final = text("select count(*) from outbox where type !~ '^(score|segment)[.]'")
_STALE: Final = text(
    "select (select count(*) from stale_customer) as customers, (select count(*) from stale_segment) as segments,"
    " (select count(*) from ranking_progress where behind) as rankings"
)
_CUSTOMERS: Final = text("select count(*) from customer where deleted_at is null")


@dataclass(frozen=True, slots=True)
class Pending:
    """Work that the segmenter has before it. `events` is null while no segmenter has ever run."""

    outbox: int
    events: int | None
    customers: int
    segments: int
    rankings: int

    @property
    def is_nothing(self) -> bool:
        return self.events == 0 and not (self.outbox or self.customers or self.segments or self.rankings)


async def pending(sessions: Sessions, broker: JetStreamContext) -> Pending:
    async with sessions() as session:
        outbox = (await session.execute(_OUTBOX)).scalar_one()
        events = await backlog(broker, CONSUMER)
        customers, segments, rankings = (await session.execute(_STALE)).one()
    return Pending(outbox, events, customers, segments, rankings)


async def wait_until_drained(
    sessions: Sessions,
    broker: JetStreamContext,
    *,
    patience: float,
    advance: Advance,
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """False if something was left after `patience` seconds. Two looks must agree: work also makes work."""
    async with sessions() as session:
        total = (await session.execute(_CUSTOMERS)).scalar_one()
    deadline, calm = clock() + patience, 0
    while clock() < deadline:
        left = await pending(sessions, broker)
        calm = calm + 1 if left.is_nothing else 0
        if calm == 2:
            advance(total, total)
            return True
        waiting = total if left.outbox or left.events else left.customers
        advance(max(0, total - waiting), total)
        await asyncio.sleep(_LOOK_EVERY)
    return False
