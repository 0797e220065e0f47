"""The vocabulary of the ledger: every occurrence ends in one outcome, with one reason, under one key."""

from datetime import date
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    SENT = "sent"
    TASK_CREATED = "task_created"
    SUPPRESSED = "suppressed"
    MISSED = "missed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    NO_CONSENT = "no_consent"
    UNSUBSCRIBED = "unsubscribed"
    HARD_BOUNCED = "hard_bounced"
    COMPLAINED = "complained"
    FREQUENCY_CAP = "frequency_cap"
    QUIET_HOURS_MOVED = "quiet_hours_moved"
    HOLIDAY_MOVED = "holiday_moved"
    CALL_WINDOW = "call_window"
    EXITED = "exited"
    GOAL_REACHED = "goal_reached"
    STALE = "stale"
    DUPLICATE = "duplicate"
    NO_ADDRESS = "no_address"
    TEMPLATE_ERROR = "template_error"
    PROVIDER_REFUSED = "provider_refused"


SEPARATOR: Final = "/"


def reminder_key(*, rule_id: object, version: int, subject_id: object, on: date, offset: str) -> str:
    """The occurrence of a reminder. `subject_id` owns the date: the customer of a birthday, the contract that expires.

    Like every key it ends in the rule's version, so that "was this already decided under an earlier version?" is a
    search by prefix.
    """
    return _key("reminder", rule_id, subject_id, on.isoformat(), offset, version=version)


def step_key(*, sequence_id: object, version: int, customer_id: object, attempt: int, step_id: str) -> str:
    """The occurrence of one step in one run (`attempt` counts a customer's runs from 1): a loop finds it taken."""
    return _key("sequence", sequence_id, customer_id, attempt, step_id, version=version)


def enrollment_key(*, sequence_id: object, version: int, customer_id: object, attempt: int) -> str:
    """The occurrence of entering a sequence for the `attempt`-th time."""
    return _key("enrollment", sequence_id, customer_id, attempt, version=version)


def alert_key(*, rule_id: object, version: int, scope_key: str, episode: int) -> str:
    """The occurrence of an alert: `episode` counts the alerts of this rule and scope object from 1."""
    return _key("alert", rule_id, scope_key, episode, version=version)


def _key(kind: str, *parts: object, version: int) -> str:
    texts = [str(part) for part in parts]
    if not all(texts) or any(SEPARATOR in part for part in texts):
        raise ValueError(f"an occurrence key cannot be built from {texts}")
    return SEPARATOR.join([kind, *texts, f"v{version}"])
