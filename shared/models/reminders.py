"""Reminder rules and what they reminded of."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Day, Id, Instant, Json, Ref, Str, Version, WorkspaceId
from shared.models.keys import to, to_customer, to_workspace


class ReminderRule(Base):
    """What to remind of (`kind`, `definition`) and what happens then (`actions` inside the definition)."""

    __tablename__ = "reminder_rule"
    __table_args__ = (to_workspace(), CheckConstraint("kind in ('birthday', 'contract_expiry')", name="kind"))

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    name: Mapped[Str]
    kind: Mapped[Str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    definition: Mapped[Json]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    deleted_at: Mapped[Instant | None]


class Reminder(Base):
    """One occurrence that came due for one customer, on one local day."""

    __tablename__ = "reminder"
    __table_args__ = (
        to("reminder_rule", "rule_id"),
        to_customer(),
        UniqueConstraint("workspace_id", "occurrence_key"),
        Index("ix_reminder_customer", "workspace_id", "customer_id", "occurs_on"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    rule_id: Mapped[Ref]
    rule_version: Mapped[int]
    occurrence_key: Mapped[Str]
    customer_id: Mapped[Ref]
    contract_id: Mapped[Ref | None]
    occurs_on: Mapped[Day]
    target_on: Mapped[Day]
    days_before: Mapped[int]
    created_at: Mapped[Instant]
