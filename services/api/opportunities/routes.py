"""/v1/opportunities"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, RepDoor
from services.api.opportunities import commands, queries
from services.api.opportunities.schemas import NewOpportunity, Opportunity, OpportunityChange, OpportunityListParameters
from services.api.routing import router
from services.api.schemas import Page

routes = router("opportunities", "opportunities")


@routes.get("", response_model=Page[Opportunity])
async def list_opportunities(door: AnyDoor, wanted: Annotated[OpportunityListParameters, Query()]) -> Response:
    """Pages of opportunities."""
    return await door.read(queries.opportunities_by, wanted)


@routes.post("", status_code=201, response_model=Opportunity)
async def create_opportunity(door: RepDoor, new: NewOpportunity) -> Response:
    """Add an opportunity."""
    return await door.write(commands.create_opportunity, new)


@routes.get("/{opportunity_id}", response_model=Opportunity)
async def get_opportunity(door: AnyDoor, opportunity_id: UUID) -> Response:
    """One opportunity."""
    return await door.read(queries.opportunity_by_id, opportunity_id)


@routes.patch("/{opportunity_id}", response_model=Opportunity)
async def update_opportunity(door: RepDoor, opportunity_id: UUID, change: OpportunityChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_opportunity, opportunity_id, change, door.expected_version)


@routes.delete("/{opportunity_id}", status_code=204)
async def delete_opportunity(door: RepDoor, opportunity_id: UUID) -> Response:
    """Remove an opportunity."""
    return await door.write(commands.delete_opportunity, opportunity_id, door.expected_version)
