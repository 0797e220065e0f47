"""A message as callers get it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Instant, PageParameters, View

Channel = Literal["email", "sms"]
Status = Literal["queued", "sending", "sent", "failed", "unknown", "cancelled"]


class MessageSummary(View):
    """A message without its text. `captured`: it was kept here instead of being handed to a provider."""

    id: UUID
    customer_id: UUID | None = Field(description="Null for a mail to a user")
    channel: str
    status: Status
    sequence_id: UUID | None
    enrollment_id: UUID | None
    step_id: str | None
    template_id: UUID | None
    message_ref: str
    recipient: str
    subject: str | None
    captured: bool
    attempts: int
    queued_at: Instant
    sent_at: Instant | None


class MessageEvent(View):
    """What the provider reported of it."""

    kind: str
    occurred_at: Instant
    provider: str
    suspected_bot: bool


class Message(MessageSummary):
    """A message as it was frozen when it was decided, with everything reported of it since."""

    body_text: str
    body_html: str | None
    headers: dict[str, Any]
    provider_response: str | None
    events: list[MessageEvent]


class MessageListParameters(PageParameters):
    """Filters of the list, newest first."""

    customer_id: UUID | None = None
    status: Status | None = None
    channel: Channel | None = None
    sequence_id: UUID | None = None
    template_id: UUID | None = None
