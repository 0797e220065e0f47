"""/v1/complaints"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.complaints import commands, queries
from services.api.complaints.schemas import Complaint, ComplaintChange, ComplaintListParameters, NewComplaint
from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page

routes = router("complaints", "complaints")


@routes.get("", response_model=Page[Complaint])
async def list_complaints(door: AnyDoor, wanted: Annotated[ComplaintListParameters, Query()]) -> Response:
    """Pages of complaints, newest first."""
    return await door.read(queries.complaints_by, wanted)


@routes.post("", status_code=201, response_model=Complaint)
async def create_complaint(door: RepDoor, new: NewComplaint) -> Response:
    """Open a complaint."""
    return await door.write(commands.open_complaint, new)


@routes.get("/{complaint_id}", response_model=Complaint)
async def get_complaint(door: AnyDoor, complaint_id: UUID) -> Response:
    """One complaint."""
    return await door.read(queries.complaint_by_id, complaint_id)


@routes.patch("/{complaint_id}", response_model=Complaint)
async def update_complaint(door: RepDoor, complaint_id: UUID, change: ComplaintChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_complaint, complaint_id, change, door.expected_version)


@routes.delete("/{complaint_id}", status_code=204)
async def delete_complaint(door: RepDoor, complaint_id: UUID) -> Response:
    """Remove a complaint."""
    return await door.write(commands.delete_complaint, complaint_id, door.expected_version)
