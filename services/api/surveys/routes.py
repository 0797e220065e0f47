"""/v1/surveys/responses"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import BatchAnswer, Page
from services.api.surveys import commands, queries
from services.api.surveys.schemas import (
    NewSurveyResponse,
    SurveyResponse,
    SurveyResponseBatch,
    SurveyResponseListParameters,
)

routes = router("surveys/responses", "surveys")


@routes.post("", status_code=201, response_model=SurveyResponse, responses={200: {"model": SurveyResponse}})
async def record_survey_response(door: RepDoor, new: NewSurveyResponse) -> Response:
    """Record an answer. A known `external_id` answers 200 with the first row."""
    return await door.write(commands.record_survey_response, new)


@routes.post("/batch", response_model=BatchAnswer)
async def record_survey_responses(door: RepDoor, batch: SurveyResponseBatch) -> Response:
    """Record up to 1,000 answers, with an answer per row."""
    return await door.write(commands.record_survey_responses, batch)


@routes.get("", response_model=Page[SurveyResponse])
async def list_survey_responses(door: AnyDoor, wanted: Annotated[SurveyResponseListParameters, Query()]) -> Response:
    """Pages of answers, newest first."""
    return await door.read(queries.survey_responses_by, wanted)


@routes.get("/{response_id}", response_model=SurveyResponse)
async def get_survey_response(door: AnyDoor, response_id: UUID) -> Response:
    """One answer."""
    return await door.read(queries.survey_response_by_id, response_id)
