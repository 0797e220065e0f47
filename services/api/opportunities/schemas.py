"""An opportunity as callers send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import (
    Change,
    Currency,
    Day,
    ExternalId,
    Instant,
    MoneyText,
    Name,
    PageParameters,
    Payload,
    PositiveAmount,
    Subject,
    View,
    Whole,
)

Stage = Literal["prospecting", "engaging", "proposal", "won", "lost"]
Probability = Annotated[Whole, Field(ge=0, le=100)]


class OpportunityFields(Payload):
    customer_id: UUID | None = None
    external_id: ExternalId | None = None
    stage: Stage = "prospecting"
    amount: PositiveAmount | None = None
    probability_pct: Probability | None = None
    owner_id: UUID | None = None
    product_id: UUID | None = None
    engaged_on: Day | None = None
    expected_close_on: Day | None = None
    closed_on: Day | None = Field(default=None, description="The day it was won or lost: today unless given")
    lost_reason: Subject | None = None


class NewOpportunity(OpportunityFields):
    """A possible sale to add. Its customer may be unknown; what a rep adds is its own unless it says otherwise."""

    customer_external_id: ExternalId | None = None
    name: Name
    currency: Currency | None = None


class OpportunityChange(OpportunityFields, Change):
    """What to change. `customer_id` can be given once, to an opportunity that has none."""

    name: Name = "?"
    currency: Currency = "EUR"


class Opportunity(View):
    """A possible sale as it stands now. `version` is also its ETag."""

    id: UUID
    customer_id: UUID | None
    external_id: str | None
    name: str
    stage: Stage
    amount: MoneyText | None
    currency: str
    probability_pct: int | None
    owner_id: UUID | None
    product_id: UUID | None
    engaged_on: Day | None
    expected_close_on: Day | None
    closed_on: Day | None
    lost_reason: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class OpportunityListParameters(PageParameters):
    """Filters of the list; all must hold."""

    sort: Literal[
        "created_at", "-created_at", "expected_close_on", "-expected_close_on", "name", "-name"
    ] = "-created_at"  # fmt: skip
    customer_id: UUID | None = None
    external_id: ExternalId | None = None
    stage: Stage | None = None
    owner_id: UUID | None = None
    product_id: UUID | None = None
    closes_from: Day | None = None
    closes_to: Day | None = None
