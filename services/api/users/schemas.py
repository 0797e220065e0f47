"""A user as admins send and callers get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.api.passwords import LONGEST, SHORTEST
from services.api.schemas import Change, Flag, Instant, Name, PageParameters, Payload, View
from services.api.zones import Timezone
from shared.domain import limits
from shared.domain.contact import normalise_email

Role = Literal["admin", "manager", "rep", "readonly"]
Language = Literal["fr", "en"]


def _email(value: str) -> str:
    address = normalise_email(value)
    if address is None:
        message = "An e-mail address, such as camille.durand@example.com."
        raise PydanticCustomError("bad_value", message, {"code": "bad_email"})
    return address


Email = Annotated[str, Field(max_length=limits.EMAIL, examples=["ines.moreau@example.com"]), AfterValidator(_email)]
Password = Annotated[
    str,
    StringConstraints(min_length=SHORTEST, max_length=LONGEST, strip_whitespace=False),
    Field(examples=["correct horse battery staple"], description="Never answered. Without it only keys act for them."),
]


class NewUser(Payload):
    """A person to add. The e-mail address is unique in the workspace."""

    email: Email
    name: Name
    role: Role
    team_id: UUID | None = None
    language: Language | None = None
    timezone: Timezone | None = None
    password: Password | None = None


class UserChange(Change):
    """What to change. A new role or password and a deactivation take effect at once; null takes the password away."""

    email: Email = "?"
    name: Name = "?"
    role: Role = "readonly"
    team_id: UUID | None = None
    language: Language | None = None
    timezone: Timezone | None = None
    password: Password | None = None
    active: Flag = True


class User(View):
    """A person as it is now. `version` is also its ETag."""

    id: UUID
    email: str
    name: str
    role: Role
    team_id: UUID | None
    language: str | None
    timezone: str | None
    active: bool
    has_password: bool
    version: int
    created_at: Instant


class UserListParameters(PageParameters):
    """Filters of the list, by name."""

    role: Role | None = None
    team_id: UUID | None = None
    active: bool | None = None
    email: Annotated[str | None, Field(default=None, max_length=limits.EMAIL)]
