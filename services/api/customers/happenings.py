"""Everything that can happen to a customer, table by table, in one shape: kind, id, occurred_at, title and data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select

from services.api.customers.schemas import HappeningKind
from services.api.pagination import Column
from services.api.work import Work
from shared.models import (
    Complaint,
    Contract,
    Interaction,
    Message,
    MessageEvent,
    Opportunity,
    Segment,
    SegmentMembershipHistory,
    SurveyResponse,
    Task,
    Transaction,
)

MONEY: Final = {"amount", "cost"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One table's part of the timeline. `data` is what a reader sees besides the title."""

    kind: HappeningKind
    model: Any
    id: ColumnElement[str]
    occurred_at: Column
    title: Column
    data: Mapping[str, Column]
    only: ColumnElement[bool] | None = None

    def select(self, work: Work, customer_id: UUID) -> Select[Any]:
        pairs = [part for name, column in self.data.items() for part in (literal(name, Text), column)]
        statement = select(
            literal(self.kind, Text).label("kind"),
            self.id.label("id"),
            self.occurred_at.label("occurred_at"),
            cast(self.title, Text).label("title"),
            func.jsonb_build_object(*pairs).label("data"),
        ).where(self.model.workspace_id == work.workspace_id, self.model.customer_id == customer_id)
        return statement if self.only is None else statement.where(self.only)


def _record(
    kind: HappeningKind, at: Column, title: Column, *names: str, only: ColumnElement[bool] | None = None
) -> Happening:
    """A table whose rows have an id. Money as text: a JSON number would pass through a binary float."""
    model: Any = MODELS[kind]
    data = {name: cast(getattr(model, name), Text) if name in MONEY else getattr(model, name) for name in names}
    return Happening(kind, model, cast(model.id, Text), at, title, data, only)


def _passage(kind: HappeningKind, change: str) -> Happening:
    """A segment entered or left, under the segment's name."""
    history = SegmentMembershipHistory
    name = (
        select(Segment.name)
        .where(Segment.workspace_id == history.workspace_id, Segment.id == history.segment_id)
        .scalar_subquery()
    )
    return _record(kind, history.at, name, "segment_id", "reason", only=history.change == change)


MODELS: Final[Mapping[HappeningKind, Any]] = {
    "interaction": Interaction,
    "transaction": Transaction,
    "contract": Contract,
    "opportunity": Opportunity,
    "complaint": Complaint,
    "survey_response": SurveyResponse,
    "message": Message,
    "task": Task,
    "segment_entered": SegmentMembershipHistory,
    "segment_left": SegmentMembershipHistory,
}

HAPPENINGS: Final = (
    _record("interaction", Interaction.occurred_at, func.coalesce(Interaction.subject, Interaction.kind),
            "kind", "direction", "duration_seconds", "user_id"),
    _record("transaction", Transaction.occurred_at, func.coalesce(Transaction.order_id, Transaction.kind),
            "kind", "amount", "currency", "order_id", "external_id"),
    _record("contract", Contract.created_at, Contract.name, "status", "starts_on", "ends_on", "amount", "currency"),
    _record("opportunity", Opportunity.created_at, Opportunity.name,
            "stage", "amount", "currency", "expected_close_on", "closed_on", "owner_id"),
    _record("complaint", Complaint.occurred_at, Complaint.subject, "status", "severity", "resolved_at", "owner_id"),
    _record("survey_response", SurveyResponse.answered_at, SurveyResponse.kind, "kind", "score", "comment"),
    _record("message", Message.sent_at, func.coalesce(Message.subject, Message.channel),
            "channel", "enrollment_id", "step_id", "template_id", only=Message.sent_at.is_not(None)),
    Happening("message_event", MessageEvent, MessageEvent.provider.concat("/").concat(MessageEvent.dedup_key),
              MessageEvent.occurred_at, MessageEvent.kind,
              {"kind": MessageEvent.kind, "message_ref": MessageEvent.message_ref,
               "suspected_bot": MessageEvent.suspected_bot}),
    _record("task", Task.created_at, Task.title, "kind", "status", "due_on", "done_at", "assignee_id"),
    _passage("segment_entered", "entered"),
    _passage("segment_left", "left"),
)  # fmt: skip
