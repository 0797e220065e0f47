"""/v1/segments"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.segments import asking, commands, queries
from services.api.segments.schemas import (
    ExplainParameters,
    Explanation,
    HistoryParameters,
    Member,
    MemberListParameters,
    Movement,
    NewSegment,
    Preview,
    Segment,
    SegmentChange,
    SegmentListParameters,
    SegmentPreview,
)

routes = router("segments", "segments")


@routes.get("", response_model=Page[Segment])
async def list_segments(door: AnyDoor, wanted: Annotated[SegmentListParameters, Query()]) -> Response:
    """Segments by name, the built-in ones included."""
    return await door.read(queries.segments_by, wanted)


@routes.post("", status_code=201, response_model=Segment)
async def create_segment(door: ManagerDoor, new: NewSegment) -> Response:
    """Define a segment; its members are found within seconds."""
    return await door.write(commands.create_segment, new)


@routes.post("/preview", response_model=Preview)
async def preview_segment(door: AnyDoor, given: SegmentPreview) -> Response:
    """How many customers a rule would find now, and ten of them. Nothing is saved."""
    return await door.read(asking.preview, given)


@routes.get("/{segment_id}", response_model=Segment)
async def get_segment(door: AnyDoor, segment_id: UUID) -> Response:
    """One segment, with its ETag."""
    return await door.read(queries.segment_by_id, segment_id)


@routes.patch("/{segment_id}", response_model=Segment)
async def update_segment(door: ManagerDoor, segment_id: UUID, change: SegmentChange) -> Response:
    """Change the fields that are sent. Built-in segments refuse with `built_in_segment`."""
    return await door.write(commands.change_segment, segment_id, change, door.expected_version)


@routes.delete("/{segment_id}", status_code=204)
async def delete_segment(door: ManagerDoor, segment_id: UUID) -> Response:
    """Remove a segment; everybody leaves it."""
    return await door.write(commands.delete_segment, segment_id, door.expected_version)


@routes.get("/{segment_id}/members", response_model=Page[Member])
async def list_segment_members(
    door: AnyDoor, segment_id: UUID, wanted: Annotated[MemberListParameters, Query()]
) -> Response:
    """Who is in it, since when and why."""
    return await door.read(queries.members_of, segment_id, wanted)


@routes.get("/{segment_id}/explain", response_model=Explanation)
async def explain_segment(door: AnyDoor, segment_id: UUID, asked: Annotated[ExplainParameters, Query()]) -> Response:
    """Why a customer is in it or not, rule by rule, from the customer's present figures."""
    return await door.read(asking.explain_membership, segment_id, asked.customer_id)


@routes.get("/{segment_id}/history", response_model=Page[Movement])
async def list_segment_history(
    door: AnyDoor, segment_id: UUID, wanted: Annotated[HistoryParameters, Query()]
) -> Response:
    """Who entered and left, newest first."""
    return await door.read(queries.movements_of, segment_id, wanted)
