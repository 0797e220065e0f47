"""Builders for questions to the contact policy: a test states only what matters to it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.scheduler.domain.contact_policy import decide
from services.scheduler.domain.contact_rules import Channel, Kind, Policy, Purpose, french_policy
from services.scheduler.domain.contacts import (
    NO_LIMITS,
    Consent,
    Contact,
    History,
    Recipient,
    SequenceLimits,
    Verdict,
)

PARIS = ZoneInfo("Europe/Paris")
HOLIDAYS = frozenset({date(2026, 5, 1), date(2026, 7, 14), date(2026, 12, 25), date(2027, 1, 1)})
POLICY = french_policy(HOLIDAYS)
NO_HISTORY = History()
NOBODY_KNOWN = Recipient(Kind.PERSON, "zoe@example.org", PARIS)
WILLING = replace(NOBODY_KNOWN, consent=Consent.GRANTED)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


TUESDAY = paris("2026-11-24T11:00")
BEFORE_THE_SWITCH = paris("2026-06-16T11:00")


def ask(
    channel: Channel,
    recipient: Recipient = WILLING,
    *,
    at: datetime = TUESDAY,
    policy: Policy = POLICY,
    history: History = NO_HISTORY,
    purpose: Purpose = Purpose.MARKETING,
    limits: SequenceLimits = NO_LIMITS,
    **changes: Any,
) -> Verdict:
    """The verdict; further keywords change the recipient."""
    return decide(channel, replace(recipient, **changes), policy, history, at, purpose=purpose, limits=limits)


def contacted(channel: Channel, *moments: str) -> History:
    return History(tuple(Contact(channel, paris(moment)) for moment in moments))
