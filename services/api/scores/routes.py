"""/v1/scores, and the scores and segments of one customer"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor
from services.api.routing import router
from services.api.schemas import Page, PageParameters
from services.api.scores import queries
from services.api.scores.schemas import AsOf, Membership, ScoreListParameters, Scores

routes = router("scores", "scores")
of_customer = router("customers", "scores")


@routes.get("", response_model=Page[Scores])
async def list_scores(door: AnyDoor, wanted: Annotated[ScoreListParameters, Query()]) -> Response:
    """Every customer's figures, classes and scores, by filters."""
    return await door.read(queries.scores_by, wanted)


@of_customer.get("/{customer_id}/scores", response_model=Scores)
async def get_scores(door: AnyDoor, customer_id: UUID, asked: Annotated[AsOf, Query()]) -> Response:
    """One customer's figures, classes and scores, now or as they were recorded on a day."""
    return await door.read(queries.scores_of, customer_id, asked)


@of_customer.get("/{customer_id}/segments", response_model=Page[Membership])
async def list_customer_segments(
    door: AnyDoor, customer_id: UUID, wanted: Annotated[PageParameters, Query()]
) -> Response:
    """The segments a customer is in, with the moment it entered and the reason."""
    return await door.read(queries.memberships_of, customer_id, wanted)
