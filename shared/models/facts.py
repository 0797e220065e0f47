"""What happened with a customer: the facts that every figure is computed from."""

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import CHAR
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Day, Id, Instant, Json, Money, Object, Ref, Str, Version, WorkspaceId
from shared.models.keys import to, to_customer


def _unique_reference(table: str) -> Index:
    """The caller's own reference is unique where given: a repeat returns the first row."""
    return Index(f"uq_{table}_external_id", "workspace_id", "external_id", unique=True,
                 postgresql_where=text("external_id is not null"))  # fmt: skip


class Interaction(Base):
    """A contact, in either direction, or a sign of interest. `message_id` ties e-mail kinds to one message (E1)."""

    __tablename__ = "interaction"
    __table_args__ = (
        to_customer(),
        _unique_reference("interaction"),
        Index("ix_interaction_customer", "workspace_id", "customer_id", "occurred_at"),
        Index("ix_interaction_message", "workspace_id", "message_id", postgresql_where=text("message_id is not null")),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    external_id: Mapped[Str | None]
    kind: Mapped[Str]
    direction: Mapped[Str | None]
    occurred_at: Mapped[Instant]
    duration_seconds: Mapped[int | None]
    subject: Mapped[Str | None]
    body: Mapped[Str | None]
    message_id: Mapped[Str | None]
    cost: Mapped[Money | None]
    user_id: Mapped[Ref | None]
    details: Mapped[Object] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]


class Transaction(Base):
    """A sale or a refund, excluding tax. Rows with the same customer and `order_id` form an order (T1)."""

    __tablename__ = "transaction"
    __table_args__ = (
        to_customer(),
        _unique_reference("transaction"),
        Index("ix_transaction_customer", "workspace_id", "customer_id", "occurred_at"),
        Index(
            "ix_transaction_order",
            "workspace_id",
            "customer_id",
            "order_id",
            postgresql_where=text("order_id is not null"),
        ),
        CheckConstraint("kind = 'sale' and amount >= 0 or kind = 'refund' and amount <= 0", name="sign"),
        CheckConstraint("amount <> 'NaN'", name="finite"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    external_id: Mapped[Str | None]
    order_id: Mapped[Str | None]
    kind: Mapped[Str]
    occurred_at: Mapped[Instant]
    amount: Mapped[Money]
    currency: Mapped[str] = mapped_column(CHAR(3))
    cost: Mapped[Money | None]
    lines: Mapped[Json] = mapped_column(server_default=text("'[]'"))
    created_at: Mapped[CreatedAt]


class Opportunity(Base):
    """A possible sale. `customer_id` may be unknown while it is only a name in a pipeline."""

    __tablename__ = "opportunity"
    __table_args__ = (
        to_customer(),
        to("user_account", "owner_id"),
        to("product", "product_id"),
        _unique_reference("opportunity"),
        Index("ix_opportunity_customer", "workspace_id", "customer_id"),
        Index("ix_opportunity_stage", "workspace_id", "stage", "owner_id"),
        CheckConstraint("stage in ('prospecting', 'engaging', 'proposal', 'won', 'lost')", name="stage"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref | None]
    external_id: Mapped[Str | None]
    name: Mapped[Str]
    stage: Mapped[Str]
    amount: Mapped[Money | None]
    currency: Mapped[str] = mapped_column(CHAR(3))
    probability_pct: Mapped[int | None]
    owner_id: Mapped[Ref | None]
    product_id: Mapped[Ref | None]
    engaged_on: Mapped[Day | None]
    expected_close_on: Mapped[Day | None]
    closed_on: Mapped[Day | None]
    lost_reason: Mapped[Str | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Contract(Base):
    """An agreement with dates; its last day feeds the expiry reminders."""

    __tablename__ = "contract"
    __table_args__ = (
        to_customer(),
        to("contract", "renewed_by_id"),
        _unique_reference("contract"),
        Index("ix_contract_customer", "workspace_id", "customer_id"),
        Index("ix_contract_ends_on", "workspace_id", "ends_on", postgresql_where=text("status = 'active'")),
        CheckConstraint("status in ('draft', 'active', 'renewed', 'cancelled', 'expired')", name="status"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    external_id: Mapped[Str | None]
    name: Mapped[Str]
    contract_type: Mapped[Str | None]
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    starts_on: Mapped[Day | None]
    ends_on: Mapped[Day | None]
    amount: Mapped[Money | None]
    currency: Mapped[str] = mapped_column(CHAR(3))
    auto_renew: Mapped[bool] = mapped_column(server_default=text("false"))
    renewed_by_id: Mapped[Ref | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Complaint(Base):
    """A complaint and its handling. For every figure it is an interaction of kind complaint."""

    __tablename__ = "complaint"
    __table_args__ = (
        to_customer(),
        to("user_account", "owner_id"),
        _unique_reference("complaint"),
        Index("ix_complaint_customer", "workspace_id", "customer_id", "occurred_at"),
        CheckConstraint("status in ('open', 'in_progress', 'resolved', 'rejected')", name="status"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    external_id: Mapped[Str | None]
    subject: Mapped[Str]
    body: Mapped[Str | None]
    severity: Mapped[Str | None]
    status: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    occurred_at: Mapped[Instant]
    resolved_at: Mapped[Instant | None]
    owner_id: Mapped[Ref | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class SurveyResponse(Base):
    """An answer to an NPS (0..10) or CSAT (1..5) question."""

    __tablename__ = "survey_response"
    __table_args__ = (
        to_customer(),
        _unique_reference("survey_response"),
        Index("ix_survey_response_customer", "workspace_id", "customer_id", "answered_at"),
        CheckConstraint(
            "kind = 'nps' and score between 0 and 10 or kind = 'csat' and score between 1 and 5", name="score"
        ),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    external_id: Mapped[Str | None]
    kind: Mapped[Str]
    score: Mapped[int]
    answered_at: Mapped[Instant]
    comment: Mapped[Str | None]
    created_at: Mapped[CreatedAt]
