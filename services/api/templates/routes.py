"""/v1/templates"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.templates import commands, queries
from services.api.templates.schemas import (
    NewTemplate,
    PreviewRequest,
    Template,
    TemplateChange,
    TemplateListParameters,
    TemplatePreview,
)

routes = router("templates", "automation")


@routes.get("", response_model=Page[Template])
async def list_templates(door: AnyDoor, wanted: Annotated[TemplateListParameters, Query()]) -> Response:
    """Templates by name."""
    return await door.read(queries.templates_by, wanted)


@routes.post("", status_code=201, response_model=Template)
async def create_template(door: ManagerDoor, new: NewTemplate) -> Response:
    """Save a template. Unknown variables and wrong syntax are refused."""
    return await door.write(commands.create_template, new)


@routes.get("/{template_id}", response_model=Template)
async def get_template(door: AnyDoor, template_id: UUID) -> Response:
    """One template, with its ETag."""
    return await door.read(queries.template_by_id, template_id)


@routes.patch("/{template_id}", response_model=Template)
async def update_template(door: ManagerDoor, template_id: UUID, change: TemplateChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_template, template_id, change, door.expected_version)


@routes.delete("/{template_id}", status_code=204)
async def delete_template(door: ManagerDoor, template_id: UUID) -> Response:
    """Remove a template that no sequence sends."""
    return await door.write(commands.delete_template, template_id, door.expected_version)


@routes.post("/{template_id}/preview", response_model=TemplatePreview)
async def preview_template(door: AnyDoor, template_id: UUID, asked: PreviewRequest) -> Response:
    """The text as a customer would get it. Nothing is sent."""
    return await door.read(queries.preview, template_id, asked, door.services.settings.public_url)
