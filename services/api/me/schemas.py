"""The caller: person, key, role and workspace."""

from typing import Literal
from uuid import UUID

from services.api.schemas import Instant, View

Role = Literal["admin", "manager", "rep", "readonly"]


class OwnUser(View):
    id: UUID
    email: str
    name: str
    team_id: UUID | None
    language: str | None
    timezone: str | None


class OwnKey(View):
    """`session` for a login, `key` for an API key."""

    id: UUID
    kind: Literal["key", "session"]
    name: str
    prefix: str
    expires_at: Instant | None


class OwnWorkspace(View):
    id: UUID
    name: str
    timezone: str
    currency: str
    language: str
    sandbox: bool


class Me(View):
    """`user` is null for a machine's key. Without scopes the credential may do all that its role may."""

    user: OwnUser | None
    key: OwnKey
    role: Role
    scopes: list[str]
    workspace: OwnWorkspace
