"""A sequence as callers send and get it. The members of a definition are documented in the guide to automation."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Instant, Name, PageParameters, Payload, View, Whole

Status = Literal["active", "paused"]
EnrollmentStatus = Literal["active", "completed", "exited", "failed"]
Object = dict[str, Any]
Trigger = Annotated[
    Object,
    Field(
        description="`segment_entered` or `segment_left` with `segment_id`, `event` with `event`, or `manual`",
        examples=[{"type": "manual"}],
    ),
]
Steps = Annotated[
    list[Object],
    Field(
        max_length=100,
        description="`email`, `wait`, `branch`, `task`, `notify`, `exit`; every step has an `id` of its own",
        examples=[[{"id": "call", "type": "task", "title": "Appeler {{ customer.name }}", "assignee": "owner"}]],
    ),
]
ExitOn = Annotated[list[str], Field(max_length=100, examples=[["message.replied", "transaction.recorded"]])]
Reentry = Annotated[Object, Field(examples=[{"mode": "after_exit", "min_gap": "P90D"}])]
Goal = Annotated[Object, Field(description="A rule; whoever satisfies it leaves with the goal reached")]
Window = Annotated[
    Object,
    Field(examples=[{"days": ["mon", "tue"], "from": "09:00", "to": "18:00", "timezone": "customer"}]),
]
DailyCap = Annotated[Whole, Field(ge=1, le=1_000_000)]


class NewSequence(Payload):
    """A sequence to run."""

    name: Name
    status: Status = "active"
    trigger: Trigger
    reentry: Reentry | None = None
    exit_on: ExitOn | None = None
    goal: Goal | None = None
    send_window: Window | None = None
    daily_cap: DailyCap | None = None
    steps: Steps


class SequenceChange(Payload):
    """The members to change; null takes one away. Running enrollments finish on the version they began with."""

    name: Name | None = None
    status: Status | None = None
    trigger: Trigger | None = None
    reentry: Reentry | None = None
    exit_on: ExitOn | None = None
    goal: Goal | None = None
    send_window: Window | None = None
    daily_cap: DailyCap | None = None
    steps: Steps | None = None


class Sequence(View):
    """A sequence with its present definition."""

    id: UUID
    name: str
    status: Status
    trigger: Object
    reentry: Object | None
    exit_on: list[str] | None
    goal: Object | None
    send_window: Object | None
    daily_cap: int | None
    steps: list[Object]
    definition_version: int
    version: int
    created_at: Instant
    updated_at: Instant


class SequenceListParameters(PageParameters):
    """Filters of the list, sorted by name."""

    status: Status | None = None


class NewEnrollment(Payload):
    """Who shall begin."""

    customer_id: UUID


class EnrollmentRequest(View):
    """The scheduler enrols the customer within seconds, or writes a decision that says why not."""

    sequence_id: UUID
    customer_id: UUID
    status: Literal["requested"]


class Enrollment(View):
    """One run of one customer through one version of the sequence."""

    id: UUID
    sequence_id: UUID
    definition_version: int
    customer_id: UUID
    attempt: int
    status: EnrollmentStatus
    position: str | None
    next_due_at: Instant | None
    enrolled_at: Instant
    ended_at: Instant | None
    exit_reason: str | None


class EnrollmentListParameters(PageParameters):
    """Filters of the list, newest first."""

    status: EnrollmentStatus | None = None
    customer_id: UUID | None = None
