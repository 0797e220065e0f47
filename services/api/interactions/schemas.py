"""An interaction as callers send and get it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import (
    Count,
    Details,
    ExternalId,
    Instant,
    MoneyText,
    PageParameters,
    Payload,
    PositiveAmount,
    Rows,
    Subject,
    Text,
    View,
)  # fmt: skip

Kind = Literal[
    "call", "meeting", "visit", "sms", "note", "event", "web_visit", "download", "form", "social", "ticket",
    "email_sent", "email_bounced", "email_opened", "email_clicked", "email_replied", "complaint", "unsubscribe",
]  # fmt: skip
Direction = Literal["inbound", "outbound"]


class NewInteraction(Payload):
    """A contact that took place. `external_id` is the caller's own reference: a repeat answers the first row."""

    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    external_id: ExternalId | None = None
    kind: Kind
    direction: Direction | None = None
    occurred_at: Instant | None = Field(default=None, description="Now, unless given")
    duration_seconds: Count | None = None
    subject: Subject | None = None
    body: Text | None = None
    message_id: Annotated[str, Field(max_length=500, description="Message-ID that e-mail kinds belong to")] | None = (
        None
    )
    cost: PositiveAmount | None = None
    metadata: Details = Field(default_factory=dict)

    @property
    def customer_key(self) -> UUID | str | None:
        """Whichever of the two ways names the customer."""
        return self.customer_id or self.customer_external_id


class InteractionBatch(Payload):
    """Up to 1,000 interactions. Rows are checked one by one: a bad one does not stop the others."""

    items: Rows


class Interaction(View):
    """A contact as recorded."""

    id: UUID
    customer_id: UUID
    external_id: str | None
    kind: Kind
    direction: Direction | None
    occurred_at: Instant
    duration_seconds: int | None
    subject: str | None
    body: str | None
    message_id: str | None
    cost: MoneyText | None
    metadata: dict[str, Any]
    user_id: UUID | None
    created_at: Instant


class InteractionListParameters(PageParameters):
    """Filters of the list; newest first unless sorted otherwise."""

    sort: Annotated[str | None, Field(default=None, examples=["-occurred_at"])]
    customer_id: UUID | None = None
    kind: Kind | None = None
    occurred_after: Instant | None = None
    occurred_before: Instant | None = None
