"""Follow-up sequences: definitions by version, who runs through them, what is due, and the ledger of outcomes."""

from sqlalchemy import CheckConstraint, Date, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Day, Id, Instant, Json, Object, Ref, Str, Version, WorkspaceId
from shared.models.keys import to, to_customer, to_workspace


class Sequence(Base):
    """The head of a sequence: its present version and whether it enrols anybody."""

    __tablename__ = "sequence"
    __table_args__ = (
        to_workspace(),
        Index("uq_sequence_name", "workspace_id", "name", unique=True, postgresql_where=text("deleted_at is null")),
        Index("ix_sequence_trigger", "workspace_id", "trigger_type", "trigger_segment_id"),
        CheckConstraint("status in ('active', 'paused')", name="status"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    name: Mapped[Str]
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    trigger_type: Mapped[Str]
    trigger_segment_id: Mapped[Ref | None]
    definition_version: Mapped[Version]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    deleted_at: Mapped[Instant | None]


class SequenceVersion(Base):
    """A definition as it was saved. Running enrollments finish on the version they began with."""

    __tablename__ = "sequence_version"
    __table_args__ = (to("sequence", "sequence_id"),)

    workspace_id: Mapped[WorkspaceId]
    sequence_id: Mapped[Ref] = mapped_column(primary_key=True)
    definition_version: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[Json]
    created_at: Mapped[CreatedAt]


class Enrollment(Base):
    """One run of one customer through one version of a sequence. At most one is active at a time."""

    __tablename__ = "enrollment"
    __table_args__ = (
        to("sequence", "sequence_id"),
        to_customer(),
        UniqueConstraint("workspace_id", "sequence_id", "customer_id", "attempt"),
        Index("uq_enrollment_active", "workspace_id", "sequence_id", "customer_id", unique=True,
              postgresql_where=text("status = 'active'")),
        Index("ix_enrollment_customer", "workspace_id", "customer_id"),
        CheckConstraint("status in ('active', 'completed', 'exited', 'failed')", name="status"),
    )  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    sequence_id: Mapped[Ref]
    definition_version: Mapped[int]
    customer_id: Mapped[Ref]
    attempt: Mapped[int]
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    position: Mapped[Str | None]
    enrolled_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    exit_reason: Mapped[Str | None]
    context: Mapped[Object]
    correlation_id: Mapped[Str | None]


class DueAction(Base):
    """One step of one enrollment with the instant it is due. Done actions are deleted; the ledger keeps the outcome."""

    __tablename__ = "due_action"
    __table_args__ = (
        to("enrollment", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("workspace_id", "enrollment_id", "step_path"),
        Index("ix_due_action_due_at", "workspace_id", "due_at"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    enrollment_id: Mapped[Ref]
    customer_id: Mapped[Ref]
    step_path: Mapped[Str]
    due_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    last_error: Mapped[Str | None]
    correlation_id: Mapped[Str | None]


class Decision(Base):
    """The ledger: one row per occurrence key, with its outcome and reason. Partitioned by month of `occurs_on`.

    `occurs_on` follows from the occurrence, never from the moment of deciding: the key stays unique over partitions.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_customer", "workspace_id", "customer_id", "decided_at"),
        Index("ix_decision_decided_at", "workspace_id", "decided_at", "id"),
        {"postgresql_partition_by": "RANGE (occurs_on)"},
    )

    workspace_id: Mapped[WorkspaceId]
    occurs_on: Mapped[Day] = mapped_column(Date, primary_key=True)
    occurrence_key: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[Ref] = mapped_column(PgUuid, server_default=text("uuidv7()"))
    kind: Mapped[Str]
    rule_id: Mapped[Ref]
    rule_version: Mapped[int]
    customer_id: Mapped[Ref | None]
    outcome: Mapped[Str]
    reason: Mapped[Str | None]
    details: Mapped[Object]
    message_id: Mapped[Ref | None]
    task_id: Mapped[Ref | None]
    decided_at: Mapped[Instant]
    correlation_id: Mapped[Str | None]
