"""Read tags. Everybody in the workspace sees all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.pagination import Column, Sort
from services.api.tags.schemas import TagListParameters
from services.api.work import Work
from shared.models import Tag

NAMES = ("id", "name", "description", "color", "position", "version", "created_at")
SORTABLE: dict[str, Column] = {"name": Tag.name, "position": Tag.position}


def as_tag(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


async def tag_by_id(work: Work, tag_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_tag(await records.find(work, Tag, tag_id))


async def tags_by(work: Work, wanted: TagListParameters) -> dict[str, Any]:
    sort = Sort.parse(wanted.sort, SORTABLE, id=Tag.id, default="name")
    return await records.listed(work, Tag, wanted, sort, as_tag, *records.matching(Tag, wanted, "name"))
