"""What people are asked to do and told: tasks and notifications."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Day, Id, Instant, Object, Ref, Str, Version, WorkspaceId
from shared.models.keys import to, to_customer, to_workspace


class Task(Base):
    """Something a person has to do. `occurrence_key` is set when an automation asked for it, and makes it unique."""

    __tablename__ = "task"
    __table_args__ = (
        to_workspace(),
        to_customer(),
        to("user_account", "assignee_id"),
        Index("uq_task_occurrence_key", "workspace_id", "occurrence_key", unique=True,
              postgresql_where=text("occurrence_key is not null")),
        Index("uq_task_external_id", "workspace_id", "external_id", unique=True,
              postgresql_where=text("external_id is not null")),
        Index("ix_task_assignee", "workspace_id", "assignee_id", "status", "due_on"),
        Index("ix_task_customer", "workspace_id", "customer_id"),
        CheckConstraint("status in ('open', 'done', 'cancelled')", name="status"),
    )  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    external_id: Mapped[Str | None]
    customer_id: Mapped[Ref | None]
    kind: Mapped[str] = mapped_column(server_default=text("'task'"))
    title: Mapped[Str]
    description: Mapped[Str | None]
    assignee_id: Mapped[Ref | None]
    due_on: Mapped[Day | None]
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    origin: Mapped[Object]
    occurrence_key: Mapped[Str | None]
    done_at: Mapped[Instant | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Notification(Base):
    """A line for one user, or for everybody who may see the customer when `user_id` is null."""

    __tablename__ = "notification"
    __table_args__ = (
        to_workspace(),
        Index("uq_notification_occurrence_key", "workspace_id", "occurrence_key", unique=True),
        Index("ix_notification_user", "workspace_id", "user_id", "created_at"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    user_id: Mapped[Ref | None]
    customer_id: Mapped[Ref | None]
    kind: Mapped[Str]
    title: Mapped[Str]
    body: Mapped[Str | None]
    occurrence_key: Mapped[Str]
    created_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
