"""Templates and the messages made of them."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Object, Ref, Str, Version, WorkspaceId
from shared.models.keys import to_customer, to_workspace


class Template(Base):
    """A text with placeholders (Jinja2, sandboxed), in one language."""

    __tablename__ = "template"
    __table_args__ = (
        to_workspace(),
        Index("uq_template_name", "workspace_id", "name", unique=True, postgresql_where=text("deleted_at is null")),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    name: Mapped[Str]
    channel: Mapped[Str]
    language: Mapped[Str]
    subject: Mapped[Str | None]
    body_text: Mapped[Str]
    body_html: Mapped[Str | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    deleted_at: Mapped[Instant | None]


class Message(Base):
    """One message to one person, frozen when it was decided. Its id is the idempotency key towards the provider.

    A claim sets `lease_token` and `lease_until`; a lease that ran out without an answer becomes `unknown` and is never
    silently sent again. `message_ref` is the Message-ID without angle brackets. Without a customer it is a notice to a
    user of the workspace. `next_try_at` is an instant of the workspace's clock, `lease_until` of the database's.
    """

    __tablename__ = "message"
    __table_args__ = (
        to_customer(),
        UniqueConstraint("workspace_id", "occurrence_key"),
        Index("uq_message_ref", "workspace_id", "message_ref", unique=True),
        Index("ix_message_customer", "workspace_id", "customer_id", "sent_at"),
        Index("ix_message_enrollment", "workspace_id", "enrollment_id"),
        Index("ix_message_queued_at", "workspace_id", "queued_at"),
        Index("ix_message_queue", "next_try_at", postgresql_where=text("status in ('queued', 'sending')")),
        CheckConstraint("status in ('queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled')", name="status"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref | None]
    channel: Mapped[Str]
    status: Mapped[str] = mapped_column(server_default=text("'queued'"))
    occurrence_key: Mapped[Str]
    enrollment_id: Mapped[Ref | None]
    step_id: Mapped[Str | None]
    template_id: Mapped[Ref | None]
    message_ref: Mapped[Str]
    recipient: Mapped[Str]
    subject: Mapped[Str | None]
    body_text: Mapped[Str]
    body_html: Mapped[Str | None]
    headers: Mapped[Object]
    captured: Mapped[bool] = mapped_column(server_default=text("false"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[Instant]
    lease_token: Mapped[Ref | None] = mapped_column(PgUuid)
    lease_until: Mapped[Instant | None]
    provider_response: Mapped[Str | None]
    queued_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    correlation_id: Mapped[Str | None]
    created_at: Mapped[CreatedAt]
