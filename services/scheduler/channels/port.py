"""What every channel promises: one mail in, one of four outcomes out, never an exception for what the outside does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime, parseaddr
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, frozen. `message_ref` is its Message-ID without angle brackets: a retry has the same."""

    message_ref: str
    sender: str
    recipient: str
    subject: str
    body_text: str
    body_html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the responsibility, or the capture kept it (`captured`)."""

    response: str
    captured: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """It was certainly not accepted; trying again may help."""

    response: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for good. `bad_address` says that the mailbox does not exist."""

    response: str
    bad_address: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It was handed over and no answer came: nobody knows, so it must not be sent again."""

    response: str


Outcome = Accepted | Deferred | Rejected | Unanswered


class Channel(Protocol):
    """One connection's worth: not to be used by two tasks at once."""

    async def send(self, mail: Mail, now: datetime) -> Outcome: ...

    async def close(self) -> None: ...


class UnfitHeader(ValueError):
    """A header value holds a line break, or an address is none: somebody's data must not become a header of its own."""


class _OneLine(UnstructuredHeader, BaseHeader):
    """A link in angle brackets has no place to break it: folded, it would be encoded, and no mail client reads that."""

    def fold(self, *, policy: "Policy") -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLine)


def as_email(mail: Mail, now: datetime, policy: "EmailPolicy[EmailMessage]" = SMTP) -> EmailMessage:
    """The mail as RFC 5322 wants it. Raises UnfitHeader."""
    message = EmailMessage(policy=policy.clone(header_factory=_HEADERS))
    try:
        message["Message-ID"] = f"<{mail.message_ref}>"
        message["Date"] = format_datetime(now)
        message["From"] = mail.sender
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = mail.subject
        for name, value in mail.headers.items():
            message[name] = value
    except (ValueError, IndexError) as error:
        raise UnfitHeader(str(error)) from error
    message.set_content(mail.body_text)
    if mail.body_html is not None:
        message.add_alternative(mail.body_html, subtype="html")
    return message


def address_of(sender: str) -> str:
    """`no-reply@example.com` of `Name <no-reply@example.com>`."""
    return parseaddr(sender)[1]
