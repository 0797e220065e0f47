"""Keep the vocabulary of tags, and the customers' tags in step with it."""

from typing import Any
from uuid import UUID

from services.api import records
from services.api.door import Answer, created
from services.api.tags.queries import as_tag
from services.api.tags.schemas import NewTag, TagChange
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.db.sql import load_sql
from shared.models import Tag
from shared.telemetry import current_correlation


async def create_tag(work: Work, new: NewTag) -> Answer:
    """Adds a tag. A taken name is a conflict."""
    return created(as_tag(await records.add(work, Tag, new.model_dump())), "/v1/tags")


async def change_tag(work: Work, tag_id: UUID, change: TagChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs; a new name reaches every customer."""
    current = await records.lock(work, Tag, tag_id, version=version)
    values = records.differences(Tag, current, change)
    if not values:
        return as_tag(current)
    row = await records.change(work, Tag, tag_id, values)
    if "name" in values:
        await _retag(work, current["name"], values["name"])
    return as_tag(row)


async def delete_tag(work: Work, tag_id: UUID, version: int | None) -> None:
    """Removes a tag, also from every customer."""
    current = await records.lock(work, Tag, tag_id, version=version)
    await records.remove(work, Tag, tag_id)
    await _retag(work, current["name"], None)


async def _retag(work: Work, old: str, new: str | None) -> None:
    connection = await raw_connection(work.session)
    statement = load_sql("services.api.tags", "sql/retag_customers")
    await connection.execute(statement, work.workspace_id, old, new, work.now, current_correlation())
