"""Facts about a customer: contacts, money, contracts, complaints, answers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


@dataclass(frozen=True, slots=True)
class InteractionRecorded(Event):
    """A call, mail, meeting, visit or another contact was recorded."""

    type: ClassVar[str] = "interaction.recorded"
    customer_id: UUID
    interaction_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class TransactionRecorded(Event):
    """A sale or refund was recorded. `amount` is a decimal string in `currency`."""

    type: ClassVar[str] = "transaction.recorded"
    customer_id: UUID
    transaction_id: UUID
    kind: str
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class SurveyResponseRecorded(Event):
    """A customer answered an NPS or CSAT question."""

    type: ClassVar[str] = "survey_response.recorded"
    customer_id: UUID
    survey_response_id: UUID
    kind: str
    score: int


@dataclass(frozen=True, slots=True)
class OpportunityChanged(Event):
    """An opportunity was created, changed or deleted. `stage` is where it stands now."""

    type: ClassVar[str] = "opportunity.changed"
    customer_id: UUID | None
    opportunity_id: UUID
    change: str
    stage: str


@dataclass(frozen=True, slots=True)
class ContractChanged(Event):
    """A contract was created, changed or deleted."""

    type: ClassVar[str] = "contract.changed"
    customer_id: UUID
    contract_id: UUID
    change: str
    status: str


@dataclass(frozen=True, slots=True)
class ComplaintChanged(Event):
    """A complaint was opened, changed or deleted."""

    type: ClassVar[str] = "complaint.changed"
    customer_id: UUID
    complaint_id: UUID
    change: str
    status: str


@dataclass(frozen=True, slots=True)
class ExchangeRateRecorded(Event):
    """The worth of a currency became known for a day."""

    type: ClassVar[str] = "exchange_rate.recorded"
    exchange_rate_id: UUID
    currency: str
    date: str


@dataclass(frozen=True, slots=True)
class ImportReceived(Event):
    """A file arrived and waits for the import worker."""

    type: ClassVar[str] = "import.received"
    import_id: UUID
    entity: str


@dataclass(frozen=True, slots=True)
class ImportCompleted(Event):
    """A file's rows are in. The customers it touched are marked for recomputation by the segmenter."""

    type: ClassVar[str] = "import.completed"
    import_id: UUID
    entity: str
    created: int
    updated: int
    rejected: int
