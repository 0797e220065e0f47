"""The question to the contact policy and its answers, as values."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final

from services.scheduler.domain.contact_rules import Channel, Kind, RuleId
from services.scheduler.domain.ledger import Reason
from shared.domain.automation.windows import Window


class Consent(StrEnum):
    """The newest statement for this channel and purpose."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    NONE = "none"


class Suppression(StrEnum):
    """Why an address must not be used: the list survives deletion and re-import."""

    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One customer as this channel sees it. `existing_client` means a client for similar products."""

    kind: Kind
    address: str | None
    zone: tzinfo
    consent: Consent = Consent.NONE
    existing_client: bool = False
    contract_running: bool = False
    suppressions: frozenset[Suppression] = frozenset()


@dataclass(frozen=True, slots=True)
class Contact:
    """A marketing contact that took place: a message sent or a call attempted."""

    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """Past marketing contacts (at least those of the longest cap) and the last time the person said no by phone."""

    contacts: tuple[Contact, ...] = ()
    phone_refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SequenceLimits:
    """What the sequence itself asks for: its send window with the zone it is read in, and its cap a day."""

    window: Window | None = None
    zone: tzinfo = UTC
    daily_cap: int | None = None
    sent_today: int = 0


@dataclass(frozen=True, slots=True)
class Allowed:
    """Now."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Not now, but at `until` (UTC), the next instant at which every window is open."""

    until: datetime
    reason: Reason
    rule_id: RuleId


@dataclass(frozen=True, slots=True)
class Refused:
    """Not at all, as things stand."""

    reason: Reason
    rule_id: RuleId


Verdict = Allowed | Moved | Refused
NO_LIMITS: Final = SequenceLimits()
