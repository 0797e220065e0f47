"""Write events in the transaction of what they tell about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.events.base import Event
from shared.telemetry import causation_id, current_correlation

_APPEND = text("""
insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id, causation_id)
select cast(:workspace_id as uuid), e.customer_id, e.type, e.data::jsonb, :now, :correlation, :causation
  from unnest(cast(:customers as uuid[]), cast(:types as text[]), cast(:bodies as text[]))
       with ordinality as e (customer_id, type, data, position)
 order by e.position
""")


async def append(
    session: AsyncSession | AsyncConnection,
    workspace_id: UUID,
    events: Sequence[Event],
    *,
    now: datetime,
) -> None:
    """Append events in their order, as one statement.

    The correlation id is the one bound at the door. Nothing is published before the caller's transaction commits.
    """
    if not events:
        return
    parameters = {
        "workspace_id": workspace_id,
        "now": now,
        "correlation": current_correlation(),
        "causation": causation_id.get(),
        "customers": [event.subject_customer for event in events],
        "types": [event.type for event in events],
        "bodies": [orjson.dumps(event, default=str).decode() for event in events],
    }
    await session.execute(_APPEND, parameters)
