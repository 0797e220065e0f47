"""What happens to the record of a customer, its contacts and its consents."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


@dataclass(frozen=True, slots=True)
class CustomerCreated(Event):
    """A customer was added."""

    type: ClassVar[str] = "customer.created"
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerUpdated(Event):
    """Fields of a customer changed; `fields` names them."""

    type: ClassVar[str] = "customer.updated"
    customer_id: UUID
    fields: list[str]


@dataclass(frozen=True, slots=True)
class CustomerDeleted(Event):
    """A customer was put away; it can be restored."""

    type: ClassVar[str] = "customer.deleted"
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerRestored(Event):
    """A deleted customer is back."""

    type: ClassVar[str] = "customer.restored"
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class ContactChanged(Event):
    """A person at a customer was added, changed or removed."""

    type: ClassVar[str] = "contact.changed"
    customer_id: UUID
    contact_id: UUID
    change: str


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """A person said yes or no to a purpose on a channel."""

    type: ClassVar[str] = "consent.recorded"
    customer_id: UUID
    consent_id: UUID
    purpose: str
    channel: str
    status: str


@dataclass(frozen=True, slots=True)
class CustomerUnsubscribed(Event):
    """A person opted out of a channel: sequences that use it stop."""

    type: ClassVar[str] = "customer.unsubscribed"
    customer_id: UUID
    channel: str
