"""The base of all events and the envelope in which they travel (CloudEvents 1.0, structured mode)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

SOURCE = "/portefeuille"


class Event:
    """A fact. Subclasses are frozen dataclasses that carry ids and facts, never personal data.

    An event about one customer has a field `customer_id`.
    """

    type: ClassVar[str]
    __slots__ = ()

    @property
    def subject_customer(self) -> UUID | None:
        return getattr(self, "customer_id", None)


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event as a consumer receives it: who, when, caused by what. `sequence` rises per customer."""

    event_id: UUID
    workspace_id: UUID
    type: str
    occurred_at: datetime
    data: dict[str, Any]
    customer_id: UUID | None = None
    sequence: int | None = None
    correlation_id: str | None = None
    causation_id: str | None = None

    def as_cloud_event(self) -> dict[str, Any]:
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.event_id),
            "source": f"{SOURCE}/{self.workspace_id}",
            "type": self.type,
            "time": self.occurred_at.isoformat(),
            "datacontenttype": "application/json",
            "data": self.data,
        }
        optional = {
            "subject": str(self.customer_id) if self.customer_id else None,
            "partitionkey": str(self.customer_id) if self.customer_id else None,
            "sequence": str(self.sequence) if self.sequence is not None else None,
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
        }
        return event | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_cloud_event(cls, event: dict[str, Any]) -> "Envelope":
        """Raises KeyError or ValueError for anything that `as_cloud_event` did not write."""
        customer, sequence = event.get("subject"), event.get("sequence")
        return cls(
            event_id=UUID(event["id"]),
            workspace_id=UUID(event["source"].rsplit("/", 1)[1]),
            type=event["type"],
            occurred_at=datetime.fromisoformat(event["time"]),
            data=event["data"],
            customer_id=UUID(customer) if customer else None,
            sequence=int(sequence) if sequence is not None else None,
            correlation_id=event.get("correlationid"),
            causation_id=event.get("causationid"),
        )
