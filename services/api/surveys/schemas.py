"""An answer to a survey as callers send and get it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.api.schemas import ExternalId, Instant, PageParameters, Payload, Rows, Text, View, Whole

Kind = Literal["nps", "csat"]
SCALES = {"nps": range(11), "csat": range(1, 6)}


class NewSurveyResponse(Payload):
    """An answer. `external_id` is the caller's own reference: a repeat answers the first row."""

    external_id: ExternalId | None = None
    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    answered_at: Instant | None = Field(default=None, description="Now, unless given")
    kind: Kind
    score: Annotated[Whole, Field(ge=0, le=10, description="0 to 10 (nps) or 1 to 5 (csat)")]
    comment: Text | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        """An unknown kind has no scale: its code is that of the score (I7)."""
        if not isinstance(value, str) or value not in SCALES:
            raise PydanticCustomError("bad_score", "A survey is of kind nps or csat.", {"code": "bad_score"})
        return value

    @field_validator("score")
    @classmethod
    def _on_scale(cls, value: int, info: ValidationInfo) -> int:
        kind = info.data.get("kind")
        if kind is not None and value not in SCALES[kind]:
            message = "An integer from 0 to 10 (nps) or 1 to 5 (csat)."
            raise PydanticCustomError("bad_score", message, {"code": "bad_score"})
        return value


class SurveyResponseBatch(Payload):
    """Up to 1,000 answers. Rows are checked one by one: a bad one does not stop the others."""

    items: Rows


class SurveyResponse(View):
    """An answer as recorded."""

    id: UUID
    customer_id: UUID
    external_id: str | None
    kind: Kind
    score: int
    answered_at: Instant
    comment: str | None
    created_at: Instant


class SurveyResponseListParameters(PageParameters):
    """Filters of the list; newest first unless sorted otherwise."""

    sort: Literal["answered_at", "-answered_at"] = "-answered_at"
    customer_id: UUID | None = None
    kind: Kind | None = None
    external_id: ExternalId | None = None
    answered_after: Instant | None = None
    answered_before: Instant | None = None
