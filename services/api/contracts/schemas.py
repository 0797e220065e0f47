"""A contract as callers send and get it."""

from typing import Literal
from uuid import UUID

from services.api.schemas import (
    Change,
    Currency,
    Day,
    ExternalId,
    Flag,
    Instant,
    Label,
    MoneyText,
    Name,
    PageParameters,
    Payload,
    PositiveAmount,
    View,
)

Status = Literal["draft", "active", "renewed", "cancelled", "expired"]


class ContractFields(Payload):
    external_id: ExternalId | None = None
    contract_type: Label | None = None
    status: Status = "active"
    starts_on: Day | None = None
    ends_on: Day | None = None
    amount: PositiveAmount | None = None
    auto_renew: Flag = False
    renewed_by_id: UUID | None = None


class NewContract(ContractFields):
    """An agreement to add. `ends_on` is its last day, and not before `starts_on`."""

    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    name: Name
    currency: Currency | None = None


class ContractChange(ContractFields, Change):
    """What to change. At least one field."""

    name: Name = "?"
    currency: Currency = "EUR"


class Contract(View):
    """An agreement as it is now. `version` is also its ETag."""

    id: UUID
    customer_id: UUID
    external_id: str | None
    name: str
    contract_type: str | None
    status: Status
    starts_on: Day | None
    ends_on: Day | None
    amount: MoneyText | None
    currency: str
    auto_renew: bool
    renewed_by_id: UUID | None
    version: int
    created_at: Instant
    updated_at: Instant


class ContractListParameters(PageParameters):
    """Filters of the list; all must hold."""

    sort: Literal["created_at", "-created_at", "ends_on", "-ends_on", "name", "-name"] = "-created_at"
    customer_id: UUID | None = None
    external_id: ExternalId | None = None
    status: Status | None = None
    contract_type: Label | None = None
    ends_from: Day | None = None
    ends_to: Day | None = None
