"""What mail and telephone tools tell us: their endpoints, their events, and addresses not to be used again."""

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Instant, Json, Ref, Str, WorkspaceId
from shared.db.types import Id as IdColumn
from shared.models.keys import to_workspace


class InboundEndpoint(Base):
    """An address that one provider calls: `/v1/webhooks/in/{provider}/{id}`. The secret is encrypted at rest."""

    __tablename__ = "inbound_endpoint"
    __table_args__ = (to_workspace(),)

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[IdColumn]
    provider: Mapped[Str]
    name: Mapped[Str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[CreatedAt]


class MessageEvent(Base):
    """One thing a provider reported, in the normalised vocabulary, with its raw payload. Partitioned by month.

    `occurred_at` is the provider's own time of the event, so a redelivery has the same key and is absorbed.
    `message_ref` is the Message-ID without angle brackets: ours where the message is ours (E1).
    """

    __tablename__ = "message_event"
    __table_args__ = (
        Index("ix_message_event_customer", "workspace_id", "customer_id", "occurred_at"),
        Index("ix_message_event_message", "workspace_id", "message_ref"),
        {"postgresql_partition_by": "RANGE (occurred_at)"},
    )

    workspace_id: Mapped[WorkspaceId]
    provider: Mapped[str] = mapped_column(primary_key=True)
    dedup_key: Mapped[str] = mapped_column(primary_key=True)
    occurred_at: Mapped[Instant] = mapped_column(primary_key=True)
    kind: Mapped[Str]
    customer_id: Mapped[Ref | None]
    message_ref: Mapped[Str | None]
    address: Mapped[Str | None]
    suspected_bot: Mapped[bool] = mapped_column(server_default=text("false"))
    payload: Mapped[Json]
    received_at: Mapped[CreatedAt]


class Suppression(Base):
    """An address that must not be used any more, and why. It survives the customer's deletion and re-import."""

    __tablename__ = "suppression"
    __table_args__ = (to_workspace(),)

    workspace_id: Mapped[WorkspaceId]
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[Str]
    created_at: Mapped[CreatedAt]
