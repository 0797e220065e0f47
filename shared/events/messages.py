"""Messages on their way, and what providers report of them and of calls."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A message was handed to the mail or text provider, which accepted it."""

    type: ClassVar[str] = "message.sent"
    customer_id: UUID
    message_id: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class MessageFailed(Event):
    """A message could not be sent, or nobody knows whether it was (`unknown`)."""

    type: ClassVar[str] = "message.failed"
    customer_id: UUID
    message_id: UUID
    channel: str
    outcome: str


@dataclass(frozen=True, slots=True)
class _Reported(Event):
    """What a provider reported of one message. `message_ref` is the Message-ID it was matched by."""

    customer_id: UUID
    message_ref: str | None
    message_id: UUID | None


@dataclass(frozen=True, slots=True)
class MessageDelivered(_Reported):
    """The receiving server took the message."""

    type: ClassVar[str] = "message.delivered"


@dataclass(frozen=True, slots=True)
class MessageOpened(_Reported):
    """The message was opened, as far as pixels tell."""

    type: ClassVar[str] = "message.opened"


@dataclass(frozen=True, slots=True)
class MessageClicked(_Reported):
    """A link in the message was followed."""

    type: ClassVar[str] = "message.clicked"


@dataclass(frozen=True, slots=True)
class MessageReplied(_Reported):
    """The person answered."""

    type: ClassVar[str] = "message.replied"


@dataclass(frozen=True, slots=True)
class MessageBounced(_Reported):
    """The address refused the message for good: it is never mailed again."""

    type: ClassVar[str] = "message.bounced"


@dataclass(frozen=True, slots=True)
class MessageComplained(_Reported):
    """The person called the message spam: the address is never mailed again."""

    type: ClassVar[str] = "message.complained"


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """A call is over. `duration_seconds` is the time talked; null when nobody answered."""

    type: ClassVar[str] = "call.ended"
    customer_id: UUID
    interaction_id: UUID
    direction: str
    duration_seconds: int | None
