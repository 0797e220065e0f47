"""The life of an alert: ok → raised → acknowledged → cleared, one open at most per rule and scope object.

Two things keep it from flapping: an open alert ends only beyond its clear bound (hysteresis), and during the cooldown
after its end no new one is raised.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.scheduler.domain.findings import Finding, alarm, is_measurable, relief
from shared.domain.automation.alert_rule import AlertRule
from shared.domain.automation.conditions import Value
from shared.domain.durations import add


class Status(StrEnum):
    OK = "ok"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class AlertState:
    """The latest episode of one rule and scope object; `ok` when there never was one."""

    status: Status = Status.OK
    raised_at: datetime | None = None
    cleared_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in {Status.RAISED, Status.ACKNOWLEDGED}


class Quiet(StrEnum):
    """Why nothing changes."""

    NOT_MEASURABLE = "not_measurable"
    NO_ALARM = "no_alarm"
    STILL_OPEN = "still_open"
    COOLING_DOWN = "cooling_down"


@dataclass(frozen=True, slots=True)
class Raise:
    finding: Finding


@dataclass(frozen=True, slots=True)
class Clear:
    finding: Finding


@dataclass(frozen=True, slots=True)
class Keep:
    why: Quiet


Verdict = Raise | Clear | Keep


class NotOpen(ValueError):
    """Only an open alert can be acknowledged."""


def evaluate(rule: AlertRule, state: AlertState, previous: Value, value: Value, now: datetime) -> Verdict:
    """Judge one observation.

    `previous` is what the rule compares with: the figure of the other period for a change, the last observation for a
    crossing or a class. What cannot be measured changes nothing, in either direction.
    """
    if not is_measurable(rule.condition, previous, value):
        return Keep(Quiet.NOT_MEASURABLE)
    if state.is_open:
        calm = relief(rule, previous, value)
        return Clear(calm) if calm else Keep(Quiet.STILL_OPEN)
    finding = alarm(rule.condition, previous, value)
    if finding is None:
        return Keep(Quiet.NO_ALARM)
    return Keep(Quiet.COOLING_DOWN) if _is_cooling_down(rule, state, now) else Raise(finding)


def after(state: AlertState, verdict: Verdict, now: datetime) -> AlertState:
    """The state once the verdict is carried out."""
    match verdict:
        case Raise():
            return AlertState(Status.RAISED, raised_at=now)
        case Clear():
            return replace(state, status=Status.CLEARED, cleared_at=now)
        case Keep():
            return state


def acknowledge(state: AlertState) -> AlertState:
    """Somebody took note. Doing it twice changes nothing, and it does not end the alert."""
    if not state.is_open:
        raise NotOpen(f"an alert that is {state.status} cannot be acknowledged")
    return replace(state, status=Status.ACKNOWLEDGED)


def _is_cooling_down(rule: AlertRule, state: AlertState, now: datetime) -> bool:
    return state.cleared_at is not None and now < add(state.cleared_at, rule.cooldown)
