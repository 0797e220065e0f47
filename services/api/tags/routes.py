"""/v1/tags"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.tags import commands, queries
from services.api.tags.schemas import NewTag, Tag, TagChange, TagListParameters

routes = router("tags", "tags")


@routes.get("", response_model=Page[Tag])
async def list_tags(door: AnyDoor, wanted: Annotated[TagListParameters, Query()]) -> Response:
    """Pages of tags."""
    return await door.read(queries.tags_by, wanted)


@routes.post("", status_code=201, response_model=Tag)
async def create_tag(door: ManagerDoor, new: NewTag) -> Response:
    """Add a tag to the vocabulary."""
    return await door.write(commands.create_tag, new)


@routes.get("/{tag_id}", response_model=Tag)
async def get_tag(door: AnyDoor, tag_id: UUID) -> Response:
    """One tag."""
    return await door.read(queries.tag_by_id, tag_id)


@routes.patch("/{tag_id}", response_model=Tag)
async def update_tag(door: ManagerDoor, tag_id: UUID, change: TagChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_tag, tag_id, change, door.expected_version)


@routes.delete("/{tag_id}", status_code=204)
async def delete_tag(door: ManagerDoor, tag_id: UUID) -> Response:
    """Remove a tag, also from every customer."""
    return await door.write(commands.delete_tag, tag_id, door.expected_version)
