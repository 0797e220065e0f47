"""Segments: their definitions, who is in them, and who entered and left when."""

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Json, Object, Ref, Str, Version, WorkspaceId
from shared.models.keys import to, to_customer, to_workspace


class Segment(Base):
    """`rule` is react-querybuilder JSON. `key` names a built-in segment, which is read-only and of the same shape.

    `definition_version` rises with the rule: memberships of another version are never mixed with it.
    """

    __tablename__ = "segment"
    __table_args__ = (
        to_workspace(),
        Index("uq_segment_key", "workspace_id", "key", unique=True, postgresql_where=text("key is not null")),
        Index("uq_segment_name", "workspace_id", "name", unique=True, postgresql_where=text("deleted_at is null")),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    key: Mapped[Str | None]
    name: Mapped[Str]
    description: Mapped[Str | None]
    rule: Mapped[Json]
    definition_version: Mapped[Version]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    deleted_at: Mapped[Instant | None]


class SegmentMembership(Base):
    """A customer that is in a segment now, since when, and the trace of the rule that put it there."""

    __tablename__ = "segment_membership"
    __table_args__ = (
        to("segment", "segment_id"),
        to_customer(),
        Index("ix_segment_membership_customer", "workspace_id", "customer_id"),
    )

    workspace_id: Mapped[WorkspaceId]
    segment_id: Mapped[Ref] = mapped_column(primary_key=True)
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    definition_version: Mapped[int]
    entered_at: Mapped[Instant]
    reason: Mapped[Object]


class SegmentMembershipHistory(Base):
    """One row each time a customer entered or left. Never changed."""

    __tablename__ = "segment_membership_history"
    __table_args__ = (
        Index("ix_segment_membership_history_segment", "workspace_id", "segment_id", "id"),
        Index("ix_segment_membership_history_customer", "workspace_id", "customer_id", "id"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    segment_id: Mapped[Ref]
    customer_id: Mapped[Ref]
    change: Mapped[Str]
    at: Mapped[Instant]
    reason: Mapped[Object]
