"""An API key as admins send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.api.schemas import Instant, Name, PageParameters, Payload, View

Role = Literal["admin", "manager", "rep", "readonly"]
Scope = Annotated[
    str,
    StringConstraints(pattern=r"^(read|write|[a-z][a-z-]{1,40}:(read|write))$"),
    Field(examples=["customers:read", "interactions:write", "read"]),
]


class NewApiKey(Payload):
    """A key to make. With `user_id` it acts for that person and has the person's role, which `role` must then be."""

    name: Name
    role: Role
    scopes: Annotated[list[Scope], Field(max_length=50, description="None: everything that the role may do")] = []
    user_id: UUID | None = Field(default=None, description="Required for the role rep: whose portfolio it sees")
    expires_at: Instant | None = None


class ApiKey(View):
    """A key as it is now. `prefix` is how people tell it from others."""

    id: UUID
    name: str
    prefix: str
    role: Role
    scopes: list[str]
    user_id: UUID | None
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None


class IssuedApiKey(ApiKey):
    """A key at the moment it is made: `key` is never shown again."""

    key: str


class ApiKeyListParameters(PageParameters):
    """Filters of the list; newest first."""

    user_id: UUID | None = None
    role: Role | None = None
