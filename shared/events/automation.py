"""What the scheduler did, and what changes what it does."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


@dataclass(frozen=True, slots=True)
class SequenceDefined(Event):
    """A sequence was created or changed."""

    type: ClassVar[str] = "sequence.defined"
    sequence_id: UUID
    definition_version: int


@dataclass(frozen=True, slots=True)
class EnrollmentRequested(Event):
    """Somebody asked for a customer to run through a sequence (trigger `manual`)."""

    type: ClassVar[str] = "enrollment.requested"
    customer_id: UUID
    sequence_id: UUID


@dataclass(frozen=True, slots=True)
class EnrollmentStarted(Event):
    """A customer began a sequence."""

    type: ClassVar[str] = "enrollment.started"
    customer_id: UUID
    enrollment_id: UUID
    sequence_id: UUID


@dataclass(frozen=True, slots=True)
class EnrollmentEnded(Event):
    """A run through a sequence is over: completed, exited or failed, and why."""

    type: ClassVar[str] = "enrollment.ended"
    customer_id: UUID
    enrollment_id: UUID
    sequence_id: UUID
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class TaskChanged(Event):
    """A task was created, changed, done or deleted."""

    type: ClassVar[str] = "task.changed"
    customer_id: UUID | None
    task_id: UUID
    change: str
    status: str


@dataclass(frozen=True, slots=True)
class ReminderDue(Event):
    """A birthday or a contract's last day came near enough."""

    type: ClassVar[str] = "reminder.due"
    customer_id: UUID
    reminder_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class AlertRuleDefined(Event):
    """An alert rule was created or changed: it is evaluated at once."""

    type: ClassVar[str] = "alert_rule.defined"
    alert_rule_id: UUID


@dataclass(frozen=True, slots=True)
class ReminderRuleDefined(Event):
    """A reminder rule was created or changed: what is due today is looked for at once."""

    type: ClassVar[str] = "reminder_rule.defined"
    reminder_rule_id: UUID


@dataclass(frozen=True, slots=True)
class AlertRaised(Event):
    """A figure crossed its threshold."""

    type: ClassVar[str] = "alert.raised"
    customer_id: UUID | None
    alert_id: UUID
    alert_rule_id: UUID
    severity: str


@dataclass(frozen=True, slots=True)
class AlertAcknowledged(Event):
    """Somebody took note of an alert."""

    type: ClassVar[str] = "alert.acknowledged"
    customer_id: UUID | None
    alert_id: UUID


@dataclass(frozen=True, slots=True)
class AlertCleared(Event):
    """The figure is back inside its bounds."""

    type: ClassVar[str] = "alert.cleared"
    customer_id: UUID | None
    alert_id: UUID
    alert_rule_id: UUID
