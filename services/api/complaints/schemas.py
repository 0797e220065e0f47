"""A complaint as callers send and get it."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Change, ExternalId, Instant, Label, Name, PageParameters, Payload, Text, View

Status = Literal["open", "in_progress", "resolved", "rejected"]


class ComplaintFields(Payload):
    external_id: ExternalId | None = None
    body: Text | None = None
    severity: Label | None = Field(default=None, examples=["low", "high"])
    status: Status = "open"
    resolved_at: Instant | None = Field(default=None, description="When it was resolved or rejected; set by itself")
    owner_id: UUID | None = None


class NewComplaint(ComplaintFields):
    """A complaint to open. `occurred_at` is now unless given."""

    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    subject: Name
    occurred_at: Instant | None = None


class ComplaintChange(ComplaintFields, Change):
    """What to change. At least one field."""

    subject: Name = "?"


class Complaint(View):
    """A complaint as it stands now. `version` is also its ETag."""

    id: UUID
    customer_id: UUID
    external_id: str | None
    subject: str
    body: str | None
    severity: str | None
    status: Status
    occurred_at: Instant
    resolved_at: Instant | None
    owner_id: UUID | None
    version: int
    created_at: Instant
    updated_at: Instant


class ComplaintListParameters(PageParameters):
    """Filters of the list; newest first unless sorted otherwise."""

    sort: Literal["occurred_at", "-occurred_at", "created_at", "-created_at"] = "-occurred_at"
    customer_id: UUID | None = None
    external_id: ExternalId | None = None
    status: Status | None = None
    severity: Label | None = None
    owner_id: UUID | None = None
    occurred_after: Instant | None = None
    occurred_before: Instant | None = None
