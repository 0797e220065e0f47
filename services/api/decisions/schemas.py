"""A decision as callers get it."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Day, Instant, Label, PageParameters, View

Outcome = Literal["sent", "task_created", "suppressed", "missed", "failed", "unknown"]


class Decision(View):
    """One occurrence and its one outcome. `reason` is a stable code."""

    id: UUID
    occurrence_key: str
    occurs_on: date
    kind: str
    rule_id: UUID
    rule_version: int
    customer_id: UUID | None
    outcome: str = Field(examples=["suppressed"])
    reason: str | None = Field(examples=["frequency_cap"])
    details: dict[str, Any]
    message_id: UUID | None
    task_id: UUID | None
    decided_at: Instant


class DecisionListParameters(PageParameters):
    """Filters of the list, newest first. The period is that of the local days the occurrences fell on."""

    customer_id: UUID | None = None
    kind: Label | None = None
    outcome: Outcome | None = None
    reason: Label | None = None
    rule_id: UUID | None = None
    occurs_from: Annotated[Day | None, Field(default=None, description="First day, included")]
    occurs_to: Annotated[Day | None, Field(default=None, description="Last day, included")]
