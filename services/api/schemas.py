"""What all resources share: field types, the shape of lists and of problems."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.api.strictness import day_only, exact, storable, written_out
from shared.domain import limits

T = TypeVar("T")
INT4 = 2_147_483_647
MONEY_LIMIT = Decimal(10) ** 14


class Payload(BaseModel):
    """What callers send: unknown fields are refused, blanks around text are dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Change(Payload):
    """What to change in a record: the fields that are sent. Null empties one; at least one field."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _not_nothing(self) -> "Change":
        if not self.model_fields_set:
            raise PydanticCustomError("required", "Send at least one field to change.", {"code": "required"})
        return self


class View(BaseModel):
    """What callers get. These classes describe answers; the answers themselves are built from rows."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


Name = Annotated[str, StringConstraints(min_length=1, max_length=limits.NAME)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=limits.LABEL)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=limits.EXTERNAL_ID)]
Subject = Annotated[str, StringConstraints(max_length=limits.SUBJECT)]
Text = Annotated[str, StringConstraints(max_length=limits.TEXT)]
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1900, 1, 2, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC), examples=["2026-03-15T10:30:00+01:00"]
    ),
    BeforeValidator(written_out),
]
Day = Annotated[
    date, Field(ge=date(1800, 1, 1), lt=date(2200, 1, 1), examples=["2026-03-15"]), BeforeValidator(day_only)
]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Amount = Annotated[
    Decimal,
    Field(gt=-MONEY_LIMIT, lt=MONEY_LIMIT, decimal_places=4, allow_inf_nan=False, examples=["129.90"]),
    BeforeValidator(exact),
]
PositiveAmount = Annotated[
    Decimal,
    Field(ge=0, lt=MONEY_LIMIT, decimal_places=4, allow_inf_nan=False, examples=["129.90"]),
    BeforeValidator(exact),
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["EUR"])]
Count = Annotated[Whole, Field(ge=0, le=INT4)]
TagName = Annotated[str, StringConstraints(min_length=1, max_length=limits.LABEL)]
Tags = Annotated[list[TagName], Field(max_length=limits.TAGS)]
Details = Annotated[dict[str, Any], Field(max_length=200), AfterValidator(storable)]
Rows = Annotated[list[Any], Field(min_length=1, max_length=1000, json_schema_extra={"items": {"type": "object"}})]

MoneyText = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["129.90"])]


class Fault(View):
    """One thing wrong: `pointer` is `#/field` in the body, `?name` in the query, `header:Name` or `path:name`."""

    pointer: str
    code: str
    detail: str


class Problem(View):
    """RFC 9457. `title` is constant per `code`; `request_id` is found again in logs and events."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    request_id: str | None
    errors: list[Fault]


class Page(View, Generic[T]):
    """One page of a list; a cursor is null at its end."""

    items: list[T]
    next_cursor: str | None
    prev_cursor: str | None


class PageParameters(BaseModel):
    """Every list takes these."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str | None, Field(default=None, max_length=2000)]
    limit: Annotated[int, Field(default=50, ge=1, le=200)]


class RowAnswer(View):
    """What became of one row of a batch; `errors` is empty unless `status` is 4xx."""

    index: int
    status: int
    id: UUID | None
    errors: list[Fault]


class BatchAnswer(View):
    """One answer per row, in the order of the rows."""

    items: list[RowAnswer]
    created: int
    updated: int
    unchanged: int
    rejected: int
