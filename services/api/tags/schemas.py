"""A tag as callers send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.api.schemas import Change, Instant, PageParameters, Payload, Subject, TagName, View, Whole

Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$"), Field(examples=["#1f6feb"])]


class TagFields(Payload):
    description: Subject | None = None
    color: Color | None = None
    position: Annotated[Whole, Field(ge=0, le=10_000)] = 0


class NewTag(TagFields):
    """A tag to add. Its name is unique in the workspace."""

    name: TagName


class TagChange(TagFields, Change):
    """What to change. A new name is given to every customer that carries the old one."""

    name: TagName = "?"


class Tag(View):
    """A tag as it is now. `version` is also its ETag."""

    id: UUID
    name: str
    description: str | None
    color: str | None
    position: int
    version: int
    created_at: Instant


class TagListParameters(PageParameters):
    """Filters of the list."""

    sort: Literal["name", "-name", "position", "-position"] = "name"
    name: TagName | None = None
