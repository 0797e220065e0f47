"""A statement of consent as callers send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.api.schemas import ExternalId, Instant, Label, PageParameters, Payload, View

Channel = Literal["email", "sms", "phone", "post"]
Status = Literal["granted", "withdrawn"]
Purpose = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=50), Field(examples=["marketing", "profiling"])
]


class NewConsent(Payload):
    """A person said yes or no to a purpose on a channel. The proof is the text they saw, where and when."""

    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    purpose: Purpose = "marketing"
    channel: Channel
    status: Status
    source: Label | None = Field(default=None, examples=["web form", "call"])
    text_version: Label | None = Field(default=None, examples=["2026-01"])
    recorded_at: Instant | None = Field(default=None, description="When it was said: now unless given, never later")


class Consent(View):
    """One statement. Of one purpose and channel the newest counts."""

    id: UUID
    customer_id: UUID
    purpose: str
    channel: Channel
    status: Status
    source: str | None
    text_version: str | None
    recorded_at: Instant
    created_at: Instant


class ConsentListParameters(PageParameters):
    """Filters of the list; newest first unless sorted otherwise."""

    sort: Literal["recorded_at", "-recorded_at"] = "-recorded_at"
    customer_id: UUID | None = None
    purpose: Purpose | None = None
    channel: Channel | None = None
    status: Status | None = None
    current: bool = Field(default=False, description="Only what counts now, not the history")
