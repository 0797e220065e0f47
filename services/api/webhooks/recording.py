"""What a provider's event leaves in the customer's history, each exactly once by its reference."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.api.work import Work
from shared.domain import limits
from shared.events.facts import InteractionRecorded
from shared.models import Interaction
from shared.outbox.append import append


async def record_interaction(
    work: Work,
    customer_id: UUID,
    *,
    kind: str,
    external_id: str,
    occurred_at: datetime | None,
    body: str | None = None,
    **columns: Any,
) -> UUID | None:
    """The new interaction's id with its event written; None if the reference is known already."""
    values = {
        "workspace_id": work.workspace_id,
        "customer_id": customer_id,
        "kind": kind,
        "external_id": external_id[: limits.EXTERNAL_ID],
        "occurred_at": occurred_at or work.now,
        "body": None if body is None else body[: limits.TEXT],
        "created_at": work.now,
        **columns,
    }
    statement = insert(Interaction).values(values).on_conflict_do_nothing().returning(Interaction.id)
    found = await work.session.scalar(statement)
    if found is None:
        return None
    id_ = UUID(str(found))
    await append(work.session, work.workspace_id, [InteractionRecorded(customer_id, id_, kind)], now=work.now)
    return id_
