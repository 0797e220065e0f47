"""Record survey responses: the same checks and the same statement for one as for a thousand."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from services.api.door import Answer, created
from services.api.fact_rows import Facts, check_facts
from services.api.surveys.queries import survey_response_by_id
from services.api.surveys.schemas import NewSurveyResponse, SurveyResponseBatch
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.db.sql import load_sql
from shared.errors import Fault, InvalidInput
from shared.models import SurveyResponse
from shared.telemetry import current_correlation

ROWS: Final = TypeAdapter(NewSurveyResponse)


async def record_survey_response(work: Work, new: NewSurveyResponse) -> Answer:
    """201 with the answer, or 200 with the first one that has this `external_id`."""
    facts = await _record(work, [new.model_dump()])
    answer = facts.summary()["items"][0]
    if answer["errors"]:
        raise InvalidInput(*(Fault(**fault) for fault in answer["errors"]))
    response = await survey_response_by_id(work, answer["id"])
    return created(response, "/v1/surveys/responses") if answer["status"] == 201 else Answer(response, 200)


async def record_survey_responses(work: Work, given: SurveyResponseBatch) -> dict[str, Any]:
    """An answer per row: 201 new, 200 known already, 422 with its faults. The good rows are all in, or none."""
    return (await _record(work, given.items)).summary()


async def _record(work: Work, items: Sequence[Mapping[str, Any]]) -> Facts[NewSurveyResponse]:
    facts = await check_facts(work, items, ROWS)
    await facts.answer_known(work, SurveyResponse)
    await _insert(work, facts)
    if facts.batch.rows:  # They lost a race for their external_id: the winners are there now.
        await facts.answer_known(work, SurveyResponse)
    return facts


async def _insert(work: Work, facts: Facts[NewSurveyResponse]) -> None:
    rows = list(facts.batch.rows.values())
    if not rows:
        return
    connection = await raw_connection(work.session, sets=len(rows) > 1)
    answers = await connection.fetch(
        load_sql("services.api.surveys", "sql/record_survey_responses"),
        work.workspace_id,
        work.now,
        list(facts.batch.rows),
        facts.owners_of_rows(),
        [row.external_id for row in rows],
        [row.kind for row in rows],
        [row.score for row in rows],
        [row.answered_at or work.now for row in rows],
        [row.comment for row in rows],
        current_correlation(),
    )
    for index, id_ in answers:
        facts.accept(index, 201, id_)
