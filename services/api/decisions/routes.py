"""/v1/decisions"""

from typing import Annotated

from fastapi import Query, Response

from services.api.decisions import queries
from services.api.decisions.schemas import Decision, DecisionListParameters
from services.api.dependencies import AnyDoor
from services.api.routing import router
from services.api.schemas import Page

routes = router("decisions", "automation")


@routes.get("", response_model=Page[Decision])
async def list_decisions(door: AnyDoor, wanted: Annotated[DecisionListParameters, Query()]) -> Response:
    """Why a customer did, or did not, get something: one row per occurrence with its outcome and reason."""
    return await door.read(queries.decisions_by, wanted)
