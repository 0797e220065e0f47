"""Threshold alerts: rules, the last value each rule saw, and the alerts raised."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Json, Object, Ref, Str, Version, WorkspaceId
from shared.models.keys import to, to_workspace


class AlertRule(Base):
    """`metric` is a score of a customer (`scores.…`) or a figure of the workspace (`kpi.…`)."""

    __tablename__ = "alert_rule"
    __table_args__ = (to_workspace(), Index("ix_alert_rule_metric", "workspace_id", "metric"))

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    name: Mapped[Str]
    metric: Mapped[Str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    definition: Mapped[Json]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    deleted_at: Mapped[Instant | None]


class AlertObservation(Base):
    """The last value that a rule saw for a scope object: what `crosses` and `class_changed` compare with."""

    __tablename__ = "alert_observation"
    __table_args__ = (to("alert_rule", "rule_id"),)

    workspace_id: Mapped[WorkspaceId]
    rule_id: Mapped[Ref] = mapped_column(primary_key=True)
    scope_key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Json]
    observed_at: Mapped[Instant]


class Alert(Base):
    """One episode, from raised to cleared. One is open at most per rule and scope object."""

    __tablename__ = "alert"
    __table_args__ = (
        to("alert_rule", "rule_id"),
        Index("uq_alert_open", "workspace_id", "rule_id", "scope_key", unique=True,
              postgresql_where=text("state <> 'cleared'")),
        Index("ix_alert_scope", "workspace_id", "rule_id", "scope_key", "raised_at"),
        Index("ix_alert_raised_at", "workspace_id", "raised_at"),
        Index("ix_alert_customer", "workspace_id", "customer_id"),
        CheckConstraint("state in ('raised', 'acknowledged', 'cleared')", name="state"),
    )  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    rule_id: Mapped[Ref]
    rule_version: Mapped[int]
    scope_key: Mapped[Str]
    customer_id: Mapped[Ref | None]
    state: Mapped[Str]
    severity: Mapped[Str]
    polarity: Mapped[Str]
    value: Mapped[Json]
    reason: Mapped[Object]
    raised_at: Mapped[Instant]
    acknowledged_at: Mapped[Instant | None]
    acknowledged_by: Mapped[Ref | None]
    cleared_at: Mapped[Instant | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
