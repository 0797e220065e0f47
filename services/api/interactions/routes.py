"""/v1/interactions"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, RepDoor
from services.api.door import Door, shape
from services.api.interactions import commands, queries
from services.api.interactions.schemas import Interaction, InteractionBatch, InteractionListParameters, NewInteraction
from services.api.routing import router
from services.api.schemas import BatchAnswer, Page
from shared.db.ingest import connection_in

routes = router("interactions", "interactions")


@routes.post("", status_code=201, response_model=Interaction, responses={200: {"model": Interaction}})
async def record_interaction(door: RepDoor, new: NewInteraction) -> Response:
    """Record a contact. A known `external_id` answers 200 with the first row."""
    if _is_hot(door, new):
        async with connection_in(door.services.pool, door.principal.workspace_id) as connection:
            return shape(await commands.record_with(connection, door.principal, new), 201)
    return await door.write(commands.record_interaction, new)


def _is_hot(door: Door, new: NewInteraction) -> bool:
    """Whether nothing has to be looked up first: then the whole request is one statement."""
    by_id_alone = new.customer_id is not None and new.customer_external_id is None
    return by_id_alone and door.principal.sees_everything and "idempotency-key" not in door.request.headers


@routes.post("/batch", response_model=BatchAnswer)
async def record_interactions(door: RepDoor, batch: InteractionBatch) -> Response:
    """Record up to 1,000 contacts, with an answer per row."""
    return await door.write(commands.record_interactions, batch)


@routes.get("", response_model=Page[Interaction])
async def list_interactions(door: AnyDoor, wanted: Annotated[InteractionListParameters, Query()]) -> Response:
    """Pages of contacts, newest first."""
    return await door.read(queries.interactions_by, wanted)


@routes.get("/{interaction_id}", response_model=Interaction)
async def get_interaction(door: AnyDoor, interaction_id: UUID) -> Response:
    """One contact."""
    return await door.read(queries.interaction_by_id, interaction_id)
