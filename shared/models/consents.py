"""Consent per purpose and channel, with its proof. The newest row counts; older ones are the history."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Ref, Str, WorkspaceId
from shared.models.keys import to_customer


class Consent(Base):
    """One statement of a person: given or withdrawn, when, through what, to which text."""

    __tablename__ = "consent"
    __table_args__ = (
        to_customer(),
        Index("ix_consent_customer", "workspace_id", "customer_id", "purpose", "channel", "recorded_at"),
        CheckConstraint("status in ('granted', 'withdrawn')", name="status"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    purpose: Mapped[Str]
    channel: Mapped[Str]
    status: Mapped[Str]
    source: Mapped[Str | None]
    text_version: Mapped[Str | None]
    recorded_at: Mapped[Instant]
    created_at: Mapped[CreatedAt]
