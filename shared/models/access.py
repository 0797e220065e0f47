"""Who may enter: users, their teams, and hashed keys."""

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Ref, Str, Strings, Version, WorkspaceId
from shared.models.keys import to, to_workspace

ROLES = "role in ('admin', 'manager', 'rep', 'readonly')"


class Team(Base):
    """`manager_id` has no foreign key: a team exists before its manager is written."""

    __tablename__ = "team"
    __table_args__ = (to_workspace(), Index(None, "workspace_id", "name", unique=True))

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    name: Mapped[Str]
    manager_id: Mapped[Ref | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class UserAccount(Base):
    """A person who works with the portfolio. Without `password_hash` only API keys can act for them."""

    __tablename__ = "user_account"
    __table_args__ = (
        to_workspace(),
        to("team", "team_id"),
        CheckConstraint(ROLES, name="role"),
        Index("uq_user_account_email", "workspace_id", text("lower(email)"), unique=True),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    email: Mapped[Str]
    name: Mapped[Str]
    role: Mapped[Str]
    team_id: Mapped[Ref | None]
    language: Mapped[Str | None]
    timezone: Mapped[Str | None]
    password_hash: Mapped[Str | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class ApiKey(Base):
    """A bearer credential: a machine's key (`key`) or a login's short token (`session`). Only its hash is kept."""

    __tablename__ = "api_key"
    __table_args__ = (
        to_workspace(),
        to("user_account", "user_id"),
        CheckConstraint(ROLES, name="role"),
        UniqueConstraint("key_hash"),
    )

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(server_default=text("'key'"))
    name: Mapped[Str]
    prefix: Mapped[Str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    role: Mapped[Str]
    scopes: Mapped[Strings]
    user_id: Mapped[Ref | None]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
