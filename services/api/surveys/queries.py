"""Read survey responses."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.pagination import Sort
from services.api.surveys.schemas import SurveyResponseListParameters
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import SurveyResponse

NAMES = ("id", "customer_id", "external_id", "kind", "score", "answered_at", "comment", "created_at")


def as_survey_response(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


async def survey_response_by_id(work: Work, response_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    seen = visible_facts(work.principal, SurveyResponse.customer_id)
    return as_survey_response(await records.find(work, SurveyResponse, response_id, seen))


async def survey_responses_by(work: Work, wanted: SurveyResponseListParameters) -> dict[str, Any]:
    conditions = records.matching(SurveyResponse, wanted, "customer_id", "kind", "external_id")
    if wanted.answered_after is not None:
        conditions.append(SurveyResponse.answered_at > wanted.answered_after)
    if wanted.answered_before is not None:
        conditions.append(SurveyResponse.answered_at < wanted.answered_before)
    columns = {"answered_at": SurveyResponse.answered_at}
    sort = Sort.parse(wanted.sort, columns, id=SurveyResponse.id, default="-answered_at")
    seen = visible_facts(work.principal, SurveyResponse.customer_id)
    return await records.listed(work, SurveyResponse, wanted, sort, as_survey_response, seen, *conditions)
