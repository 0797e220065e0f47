"""What keeps the parts together: the outbox, dead letters, job runs and remembered answers."""

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Instant, Json, Object, Ref, Str, WorkspaceId
from shared.models.keys import to_workspace


class Outbox(Base):
    """An event that was written and waits for the relay, which deletes it in the transaction that publishes it.

    `id` is drawn while the event's customer is locked, so it numbers a customer's events in the order of its changes.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        {
            "postgresql_with": {
                "autovacuum_vacuum_scale_factor": "0",
                "autovacuum_vacuum_threshold": "5000",
                "autovacuum_vacuum_cost_delay": "0",
            }
        },
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[Ref] = mapped_column(PgUuid, server_default=text("uuidv7()"))
    workspace_id: Mapped[Ref]
    customer_id: Mapped[Ref | None]
    type: Mapped[Str]
    data: Mapped[Json]
    occurred_at: Mapped[Instant]
    correlation_id: Mapped[Str | None]
    causation_id: Mapped[Str | None]
    created_at: Mapped[CreatedAt]


class DeadLetter(Base):
    """An event that a consumer gave up on after its tries, kept whole so that it can be replayed."""

    __tablename__ = "dead_letter"
    __table_args__ = (Index("ix_dead_letter_at", "workspace_id", "at"),)

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    consumer: Mapped[Str]
    event_id: Mapped[Ref]
    customer_id: Mapped[Ref | None]
    type: Mapped[Str]
    body: Mapped[Json]
    error: Mapped[Str]
    attempts: Mapped[int]
    at: Mapped[CreatedAt]
    replayed_at: Mapped[Instant | None]


class JobRun(Base):
    """The claim of one periodic job at one planned time: its primary key is the lock between replicas."""

    __tablename__ = "job_run"
    __table_args__ = ({"postgresql_partition_by": "RANGE (scheduled_for)"},)

    workspace_id: Mapped[WorkspaceId]
    job: Mapped[str] = mapped_column(primary_key=True)
    scheduled_for: Mapped[Instant] = mapped_column(primary_key=True)
    status: Mapped[Str]
    started_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]
    result: Mapped[Object]
    error: Mapped[Str | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))


class IdempotencyKey(Base):
    """The answer to a request that carried an Idempotency-Key, written in the transaction of its effect."""

    __tablename__ = "idempotency_key"
    __table_args__ = (to_workspace(), Index("ix_idempotency_key_created_at", "created_at"))

    workspace_id: Mapped[WorkspaceId]
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[Object]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[CreatedAt]
