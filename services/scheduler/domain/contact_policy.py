"""May we contact this person, on this channel, now? The gate in front of every channel, manual sends included.

`decide` reads top to bottom: what refuses for good comes before what only moves the moment, so a moved contact would
be allowed if nothing else changed. It is asked again when its new moment comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from services.scheduler.domain.contact_rules import (
    Channel,
    ContactWindow,
    FrequencyCap,
    Kind,
    Policy,
    Purpose,
    RuleId,
)
from services.scheduler.domain.contacts import (
    NO_LIMITS,
    Allowed,
    Consent,
    History,
    Moved,
    Recipient,
    Refused,
    SequenceLimits,
    Suppression,
    Verdict,
)
from services.scheduler.domain.ledger import Reason
from shared.domain.automation.windows import next_common_open
from shared.domain.calendar import instant, local_day

_SUPPRESSED: Final = {
    Suppression.HARD_BOUNCE: Refused(Reason.HARD_BOUNCED, RuleId.HARD_BOUNCE),
    Suppression.COMPLAINT: Refused(Reason.COMPLAINED, RuleId.COMPLAINT),
    Suppression.OPT_OUT: Refused(Reason.UNSUBSCRIBED, RuleId.OPT_OUT),
}


@dataclass(frozen=True, slots=True)
class _Question:
    channel: Channel
    recipient: Recipient
    policy: Policy
    history: History
    purpose: Purpose
    limits: SequenceLimits
    now: datetime


def decide(
    channel: Channel,
    recipient: Recipient,
    policy: Policy,
    history: History,
    now: datetime,
    *,
    purpose: Purpose = Purpose.MARKETING,
    limits: SequenceLimits = NO_LIMITS,
) -> Verdict:
    """Apply every rule in order; the first refusal wins, then the first reason to move."""
    asked = _Question(channel, recipient, policy, history, purpose, limits, now)
    refusal = _unreachable(asked)
    if refusal is None and purpose is Purpose.MARKETING:
        refusal = _no_ground(asked) or _refused_lately(asked) or _too_often(asked)
    return refusal or _when(asked)


def _unreachable(asked: _Question) -> Refused | None:
    """No address, or an address on the suppression list. An opt-out does not stop service messages; the rest does."""
    if not asked.recipient.address:
        return Refused(Reason.NO_ADDRESS, RuleId.ADDRESS)
    for suppression, refusal in _SUPPRESSED.items():
        stops = suppression is not Suppression.OPT_OUT or asked.purpose is Purpose.MARKETING
        if stops and suppression in asked.recipient.suppressions:
            return refusal
    return None


def _no_ground(asked: _Question) -> Refused | None:
    consent = asked.recipient.consent
    if consent is Consent.WITHDRAWN:
        return Refused(Reason.UNSUBSCRIBED, RuleId.WITHDRAWN)
    if consent is Consent.GRANTED:
        return None
    return _no_ground_to_call(asked) if asked.channel is Channel.PHONE else _no_ground_to_write(asked)


def _no_ground_to_write(asked: _Question) -> Refused | None:
    opt_out_offered = asked.channel in asked.policy.opt_out_offered
    if asked.recipient.kind is Kind.COMPANY:
        return None if opt_out_offered else Refused(Reason.NO_CONSENT, RuleId.OPT_OUT_OFFERED)
    tolerated = asked.policy.existing_clients_without_opt_in and asked.recipient.existing_client and opt_out_offered
    rule_id = RuleId.EMAIL_OPT_IN if asked.channel is Channel.EMAIL else RuleId.SMS_OPT_IN
    return None if tolerated else Refused(Reason.NO_CONSENT, rule_id)


def _no_ground_to_call(asked: _Question) -> Refused | None:
    consent_from = asked.policy.phone_consent_from
    if asked.recipient.kind is Kind.COMPANY or asked.recipient.contract_running or consent_from is None:
        return None
    if local_day(asked.now, asked.recipient.zone) < consent_from:
        return None
    return Refused(Reason.NO_CONSENT, RuleId.PHONE_CONSENT)


def _refused_lately(asked: _Question) -> Refused | None:
    """After a refusal by phone the silence lasts whole calendar days: refused on the 1st, 60 days end on the 61st."""
    refused_at = asked.history.phone_refused_at
    if refused_at is None or not _is_call_to_a_person(asked):
        return None
    zone = asked.recipient.zone
    days_since = (local_day(asked.now, zone) - local_day(refused_at, zone)).days
    silent = days_since <= asked.policy.phone_silence_days
    return Refused(Reason.NO_CONSENT, RuleId.PHONE_SILENCE) if silent else None


def _too_often(asked: _Question) -> Refused | None:
    for cap in _caps(asked):
        if _contacts_within(cap, asked) >= cap.limit:
            return Refused(Reason.FREQUENCY_CAP, cap.rule_id)
    return None


def _caps(asked: _Question) -> Iterator[FrequencyCap]:
    if asked.policy.phone_attempts is not None and _is_call_to_a_person(asked):
        yield asked.policy.phone_attempts
    yield from (cap for cap in asked.policy.caps if cap.channel in {None, asked.channel})


def _contacts_within(cap: FrequencyCap, asked: _Question) -> int:
    zone = asked.recipient.zone
    since = local_day(asked.now, zone) - timedelta(days=cap.days)
    return sum(
        cap.channel in {None, contact.channel} and local_day(contact.at, zone) > since
        for contact in asked.history.contacts
    )


def _is_call_to_a_person(asked: _Question) -> bool:
    return asked.channel is Channel.PHONE and asked.recipient.kind is Kind.PERSON


def _when(asked: _Question) -> Verdict:
    """Now, or the next instant at which all windows are open; a full day's quota waits for the next local day."""
    windows = tuple(_windows(asked))
    capped = asked.limits.daily_cap is not None and asked.limits.sent_today >= asked.limits.daily_cap
    earliest = _next_midnight(asked) if capped else asked.now
    until = next_common_open([(item.window, zone) for item, zone in windows], earliest)
    if until == asked.now:
        return Allowed()
    reason, rule_id = (Reason.FREQUENCY_CAP, RuleId.DAILY_CAP) if capped else _why_closed(windows, asked.now)
    return Refused(reason, rule_id) if until is None else Moved(until, reason, rule_id)


def _windows(asked: _Question) -> Iterator[tuple[ContactWindow, tzinfo]]:
    for item in asked.policy.windows:
        if asked.channel in item.channels and asked.recipient.kind in item.kinds and asked.purpose in item.purposes:
            yield item, asked.recipient.zone
    if asked.limits.window is not None:
        channels = frozenset({asked.channel})
        yield (
            ContactWindow(asked.limits.window, RuleId.SEND_WINDOW, Reason.QUIET_HOURS_MOVED, channels),
            asked.limits.zone,
        )


def _next_midnight(asked: _Question) -> datetime:
    return instant(local_day(asked.now, asked.limits.zone) + timedelta(days=1), time(), asked.limits.zone)


def _why_closed(windows: tuple[tuple[ContactWindow, tzinfo], ...], now: datetime) -> tuple[Reason, RuleId]:
    """The first closed window names the reason; a public holiday is named when it is all that closes it."""
    item, zone = next((item, zone) for item, zone in windows if not item.window.is_open(now, zone))
    holiday = item.window.ignoring_holidays().is_open(now, zone)
    return (Reason.HOLIDAY_MOVED if holiday else item.reason), item.rule_id
