"""/v1/sequences"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.sequences import commands, queries
from services.api.sequences.schemas import (
    Enrollment,
    EnrollmentListParameters,
    EnrollmentRequest,
    NewEnrollment,
    NewSequence,
    Sequence,
    SequenceChange,
    SequenceListParameters,
)

routes = router("sequences", "automation")


@routes.get("", response_model=Page[Sequence])
async def list_sequences(door: AnyDoor, wanted: Annotated[SequenceListParameters, Query()]) -> Response:
    """Sequences by name."""
    return await door.read(queries.sequences_by, wanted)


@routes.post("", status_code=201, response_model=Sequence)
async def create_sequence(door: ManagerDoor, new: NewSequence) -> Response:
    """Define a sequence. What could not run is refused with its place."""
    return await door.write(commands.create_sequence, new)


@routes.get("/{sequence_id}", response_model=Sequence)
async def get_sequence(door: AnyDoor, sequence_id: UUID) -> Response:
    """One sequence, with its ETag."""
    return await door.read(queries.sequence_by_id, sequence_id)


@routes.patch("/{sequence_id}", response_model=Sequence)
async def update_sequence(door: ManagerDoor, sequence_id: UUID, change: SequenceChange) -> Response:
    """Change the members that are sent, pause it or let it go on."""
    return await door.write(commands.change_sequence, sequence_id, change, door.expected_version)


@routes.delete("/{sequence_id}", status_code=204)
async def delete_sequence(door: ManagerDoor, sequence_id: UUID) -> Response:
    """Remove a sequence."""
    return await door.write(commands.delete_sequence, sequence_id, door.expected_version)


@routes.get("/{sequence_id}/enrollments", response_model=Page[Enrollment])
async def list_enrollments(
    door: AnyDoor, sequence_id: UUID, wanted: Annotated[EnrollmentListParameters, Query()]
) -> Response:
    """Who runs or ran through it, where they stand and what is due next."""
    return await door.read(queries.enrollments_of, sequence_id, wanted)


@routes.post("/{sequence_id}/enrollments", status_code=202, response_model=EnrollmentRequest)
async def request_enrollment(door: RepDoor, sequence_id: UUID, new: NewEnrollment) -> Response:
    """Ask for a customer to begin; the scheduler enrols within seconds."""
    return await door.write(commands.request_enrollment, sequence_id, new)
