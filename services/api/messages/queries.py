"""Read messages."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, select

from services.api.messages.schemas import MessageListParameters
from services.api.pagination import Column, Sort, by_name, page
from services.api.records import matching
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.errors import NotFound
from shared.models import Enrollment, Message, MessageEvent

SUMMARY: Final = ("id", "customer_id", "channel", "status", "enrollment_id", "step_id", "template_id", "message_ref",
                  "recipient", "subject", "captured", "attempts", "queued_at", "sent_at")  # fmt: skip
DETAILS: Final = ("body_text", "body_html", "headers", "provider_response")
EVENT: Final[list[Column]] = [
    getattr(MessageEvent, name) for name in ("kind", "occurred_at", "provider", "suspected_bot")
]
OF_SEQUENCE: Final = and_(Enrollment.workspace_id == Message.workspace_id, Enrollment.id == Message.enrollment_id)


async def messages_by(work: Work, wanted: MessageListParameters) -> dict[str, Any]:
    """Newest first: ids rise with time, and the primary key has them in order."""
    statement = _messages(work, SUMMARY).where(
        *matching(Message, wanted, "customer_id", "status", "channel", "template_id")
    )
    if wanted.sequence_id is not None:
        statement = statement.where(Enrollment.sequence_id == wanted.sequence_id)
    sort = Sort(Message.id, Message.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)


async def message_by_id(work: Work, message_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    statement = _messages(work, (*SUMMARY, *DETAILS)).where(Message.id == message_id)
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound(f"Message {message_id} does not exist.")
    message = by_name(row)
    return message | {"events": await _events(work, message["message_ref"])}


async def _events(work: Work, message_ref: str) -> list[dict[str, Any]]:
    statement = (
        select(*EVENT)
        .where(MessageEvent.workspace_id == work.workspace_id, MessageEvent.message_ref == message_ref)
        .order_by(MessageEvent.occurred_at, MessageEvent.kind)
        .limit(1000)
    )
    return [dict(row) for row in (await work.session.execute(statement)).mappings()]


def _messages(work: Work, names: tuple[str, ...]) -> Select[Any]:
    columns: list[Column] = [getattr(Message, name) for name in names]
    return (
        select(*columns, Enrollment.sequence_id)
        .outerjoin(Enrollment, OF_SEQUENCE)
        .where(Message.workspace_id == work.workspace_id, visible_facts(work.principal, Message.customer_id))
    )
