"""A task as callers send and get it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Change, Day, ExternalId, Instant, Name, PageParameters, Payload, Text, View

Kind = Literal["task", "call"]
Status = Literal["open", "done", "cancelled"]


class TaskFields(Payload):
    external_id: ExternalId | None = None
    kind: Kind = "task"
    description: Text | None = None
    assignee_id: UUID | None = None
    due_on: Day | None = None
    status: Status = "open"


class NewTask(TaskFields):
    """Something to do. Its customer is optional; what a rep adds is its own unless it says otherwise."""

    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    title: Name


class TaskChange(TaskFields, Change):
    """What to change. At least one field."""

    title: Name = "?"


class Task(View):
    """Something to do. `origin` says which automation asked for it; `version` is also its ETag."""

    id: UUID
    customer_id: UUID | None
    external_id: str | None
    kind: str
    title: str
    description: str | None
    assignee_id: UUID | None
    due_on: Day | None
    status: Status
    done_at: Instant | None = Field(description="Set by itself when the task is done")
    origin: dict[str, Any]
    version: int
    created_at: Instant
    updated_at: Instant


class TaskListParameters(PageParameters):
    """Filters of the list; what is due first comes first unless sorted otherwise."""

    sort: Literal["due_on", "-due_on", "created_at", "-created_at"] = "due_on"
    customer_id: UUID | None = None
    assignee_id: UUID | None = None
    external_id: ExternalId | None = None
    status: Status | None = None
    kind: Kind | None = None
    due_from: Day | None = None
    due_to: Day | None = None
