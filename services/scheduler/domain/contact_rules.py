"""The French rules of commercial contact as data, each under the id that a refusal names.

They are defaults that a workspace may tighten or loosen, not legal advice. Sources: article L. 34-5 of the code des
postes et des communications électroniques (e-mail and SMS), articles L. 223-1 and D. 223-9 of the code de la
consommation (telephone), the operators' charter on commercial SMS (hours).
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Final

from services.scheduler.domain.ledger import Reason
from shared.domain.automation.windows import Window


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"


class Kind(StrEnum):
    PERSON = "person"
    COMPANY = "company"


class Purpose(StrEnum):
    """Marketing needs a legal ground; a service message (an answer, a notice under a contract) needs none."""

    MARKETING = "marketing"
    SERVICE = "service"


class RuleId(StrEnum):
    ADDRESS = "address.missing"
    HARD_BOUNCE = "suppression.hard_bounce"
    COMPLAINT = "suppression.complaint"
    OPT_OUT = "suppression.opt_out"
    WITHDRAWN = "consent.withdrawn"
    EMAIL_OPT_IN = "fr.email.person.opt_in"
    SMS_OPT_IN = "fr.sms.person.opt_in"
    OPT_OUT_OFFERED = "fr.company.opt_out_offered"
    SMS_HOURS = "fr.sms.hours"
    PHONE_CONSENT = "fr.phone.consent"
    PHONE_SILENCE = "fr.phone.silence_after_refusal"
    PHONE_ATTEMPTS = "fr.phone.attempts"
    PHONE_HOURS = "fr.phone.hours"
    QUIET_HOURS = "workspace.quiet_hours"
    CAP = "workspace.frequency_cap"
    SEND_WINDOW = "sequence.send_window"
    DAILY_CAP = "sequence.daily_cap"


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    """At most `limit` contacts in any `days` calendar days, today included. No channel means all of them together."""

    limit: int
    days: int
    channel: Channel | None = None
    rule_id: RuleId = RuleId.CAP


@dataclass(frozen=True, slots=True)
class ContactWindow:
    """The hours in which these channels may reach these kinds of customer for these purposes, in their local time."""

    window: Window
    rule_id: RuleId
    reason: Reason
    channels: frozenset[Channel]
    kinds: frozenset[Kind] = frozenset(Kind)
    purposes: frozenset[Purpose] = frozenset(Purpose)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a workspace allows. `opt_out_offered` lists the channels whose messages carry a working way to say no."""

    windows: tuple[ContactWindow, ...] = ()
    caps: tuple[FrequencyCap, ...] = ()
    opt_out_offered: frozenset[Channel] = frozenset({Channel.EMAIL, Channel.SMS})
    existing_clients_without_opt_in: bool = True
    phone_consent_from: date | None = date(2026, 8, 11)
    phone_attempts: FrequencyCap | None = field(
        default=FrequencyCap(limit=4, days=30, channel=Channel.PHONE, rule_id=RuleId.PHONE_ATTEMPTS)
    )
    phone_silence_days: int = 60


WORKING_DAYS: Final = frozenset({"mon", "tue", "wed", "thu", "fri"})
DEFAULT_CAPS: Final = (
    FrequencyCap(limit=7, days=7, channel=Channel.EMAIL),
    FrequencyCap(limit=2, days=7, channel=Channel.SMS),
    FrequencyCap(limit=10, days=7),
)


def french_policy(holidays: frozenset[date], *, caps: tuple[FrequencyCap, ...] = DEFAULT_CAPS) -> Policy:
    """The default policy; `holidays` are those of France, with Alsace-Moselle's where the workspace opts for them."""
    return Policy(windows=(phone_hours(holidays), sms_hours(holidays)), caps=caps)


def phone_hours(holidays: frozenset[date]) -> ContactWindow:
    """Persons are called for marketing Monday to Friday, 10-13 h and 14-20 h, never on a public holiday."""
    return ContactWindow(
        Window(((time(10), time(13)), (time(14), time(20))), WORKING_DAYS, holidays),
        RuleId.PHONE_HOURS,
        Reason.CALL_WINDOW,
        frozenset({Channel.PHONE}),
        frozenset({Kind.PERSON}),
        frozenset({Purpose.MARKETING}),
    )


def sms_hours(holidays: frozenset[date]) -> ContactWindow:
    """Marketing SMS go out Monday to Saturday, 8-22 h, never on a public holiday."""
    return ContactWindow(
        Window(((time(8), time(22)),), WORKING_DAYS | {"sat"}, holidays),
        RuleId.SMS_HOURS,
        Reason.QUIET_HOURS_MOVED,
        frozenset({Channel.SMS}),
        purposes=frozenset({Purpose.MARKETING}),
    )


def quiet_hours(start: time, end: time, channels: frozenset[Channel]) -> ContactWindow:
    """A workspace's own silence on these channels, for every purpose. It may cross midnight."""
    return ContactWindow(Window.outside(start, end), RuleId.QUIET_HOURS, Reason.QUIET_HOURS_MOVED, channels)
