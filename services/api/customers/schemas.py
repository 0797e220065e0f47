"""The customer as callers send and get it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, LiteralString
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from services.api.schemas import (
    Amount,
    Change,
    Count,
    Details,
    ExternalId,
    Instant,
    Label,
    MoneyText,
    Name,
    PageParameters,
    Payload,
    PositiveAmount,
    Rows,
    Tags,
    View,
    Whole,
)
from services.api.zones import Timezone
from shared.domain import limits
from shared.domain.company_numbers import normalise_siren, normalise_siret, normalise_vat_number
from shared.domain.contact import normalise_email

Kind = Literal["company", "person"]
Lifecycle = Literal["suspect", "lead", "prospect", "active", "dormant", "lost"]
Channel = Literal["email", "phone", "sms", "post", "social", "meeting"]
Sex = Literal["female", "male", "other"]
HappeningKind = Literal[
    "interaction", "transaction", "contract", "opportunity", "complaint", "survey_response", "message",
    "message_event", "task", "segment_entered", "segment_left",
]  # fmt: skip
_BIRTH_DATE = re.compile(r"(\d{4}|-)-(\d{2})-(\d{2})")


def _birth_date(value: str) -> str:
    match = _BIRTH_DATE.fullmatch(value)
    try:
        year, month, day = match.groups() if match else ("", "", "")
        date(2000 if year == "-" else int(year), int(month), int(day))
    except ValueError as error:
        raise PydanticCustomError("bad_date", "A date as YYYY-MM-DD, or --MM-DD without the year.") from error
    return value


def _normalised(normalise: Callable[[str], str | None], message: LiteralString) -> AfterValidator:
    def check(value: str) -> str:
        normal = normalise(value)
        if normal is None:
            raise PydanticCustomError("bad_value", message)
        return normal

    return AfterValidator(check)


BirthDate = Annotated[str, AfterValidator(_birth_date), Field(examples=["1984-02-29", "--02-29"])]
Siren = Annotated[str, _normalised(normalise_siren, "Nine digits with a valid check digit.")]
Siret = Annotated[str, _normalised(normalise_siret, "Fourteen digits with valid check digits.")]
VatNumber = Annotated[str, _normalised(normalise_vat_number, "A valid intra-community VAT number.")]
Email = Annotated[
    str,
    Field(max_length=limits.EMAIL, examples=["camille.durand@example.com"]),
    _normalised(normalise_email, "An e-mail address, such as camille.durand@example.com."),
]
Phone = Annotated[str, StringConstraints(min_length=3, max_length=limits.PHONE), Field(examples=["06 39 98 01 23"])]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["FR"])]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$"), Field(examples=["fr"])]


class Address(Payload):
    """A postal address. `country` is an ISO 3166 code."""

    line1: Name | None = None
    line2: Name | None = None
    postal_code: Label | None = None
    city: Name | None = None
    region: Name | None = None
    country: Country | None = None


class CustomerFields(Payload):
    """Everything that may be said about a customer. Fields left out keep their value; null empties one."""

    external_id: ExternalId | None = None
    lifecycle: Lifecycle | None = None
    email: Email | None = None
    phone: Phone | None = None
    address: Address | None = None
    owner_id: UUID | None = None
    secondary_owner_ids: Annotated[list[UUID], Field(max_length=50)] = []
    tags: Tags = []
    preferred_channel: Channel | None = None
    language: Language | None = None
    timezone: Timezone | None = None
    acquisition_channel: Label | None = None
    potential_annual_revenue: PositiveAmount | None = None
    lead_fit: Annotated[Whole, Field(ge=-1000, le=1000)] = 0
    siren: Siren | None = None
    siret: Siret | None = None
    vat_number: VatNumber | None = None
    sector: Label | None = None
    employees: Count | None = None
    annual_revenue: Amount | None = None
    competitors: Tags = []
    birth_date: BirthDate | None = None
    sex: Sex | None = None
    csp: Label | None = None
    family_situation: Label | None = None
    income_bracket: Label | None = None
    interests: Tags = []
    custom_fields: Details = {}

    @field_validator("tags", "competitors", "interests", "secondary_owner_ids")
    @classmethod
    def _once(cls, value: list[Any]) -> list[Any]:
        return list(dict.fromkeys(value))


class NewCustomer(CustomerFields):
    """A customer to add. `created_at` is when the relation began, now unless given."""

    kind: Kind
    name: Name
    created_at: Instant | None = None


class CustomerChange(CustomerFields, Change):
    """What to change. At least one field."""

    kind: Kind = "company"
    name: Name = "?"
    created_at: Instant | None = None


class CustomerRow(CustomerFields):
    """One row of a batch: what is known of the customer with this `external_id`. A new one needs kind and name."""

    kind: Kind | None = None
    name: Name | None = None
    created_at: Instant | None = None


class CustomerBatch(Payload):
    """Up to 1,000 customers, created or changed by `external_id`. Rows are checked one by one."""

    items: Rows


class AddressView(View):
    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None


class Customer(View):
    """A customer as it is now. `version` is also its ETag."""

    id: UUID
    external_id: str | None
    kind: Kind
    name: str
    lifecycle: Lifecycle | None
    email: str | None
    phone: str | None
    address: AddressView
    owner_id: UUID | None
    secondary_owner_ids: list[UUID]
    tags: list[str]
    preferred_channel: str | None
    language: str | None
    timezone: str | None
    acquisition_channel: str | None
    potential_annual_revenue: MoneyText | None
    lead_fit: int
    siren: str | None
    siret: str | None
    vat_number: str | None
    sector: str | None
    employees: int | None
    annual_revenue: MoneyText | None
    competitors: list[str]
    birth_date: str | None
    sex: str | None
    csp: str | None
    family_situation: str | None
    income_bracket: str | None
    interests: list[str]
    custom_fields: dict[str, Any]
    created_at: Instant
    updated_at: Instant
    version: int


class CustomerListParameters(PageParameters):
    """Filters of the list; all must hold."""

    q: Annotated[
        str | None, Field(default=None, min_length=1, max_length=200, description="Name, e-mail, phone, number")
    ]
    sort: Annotated[str | None, Field(default=None, examples=["name", "-created_at"])]
    kind: Kind | None = None
    lifecycle: Lifecycle | None = None
    owner_id: UUID | None = None
    tag: Label | None = None
    city: Name | None = None
    country: Country | None = None
    sector: Label | None = None
    email: Annotated[str | None, Field(default=None, max_length=limits.EMAIL)]
    external_id: ExternalId | None = None
    segment_id: UUID | None = None
    created_after: Instant | None = None
    created_before: Instant | None = None


def _separate(value: Any) -> Any:
    """`kind=a&kind=b` and `kind=a,b` mean the same."""
    return [part for item in value for part in str(item).split(",")] if isinstance(value, list) else value


class TimelineParameters(PageParameters):
    """Which kinds to show, repeated or separated by commas; all unless given."""

    kind: Annotated[list[HappeningKind], BeforeValidator(_separate), Field(max_length=50)] = []


class TimelineItem(View):
    """One thing that happened. `id` is that of the record, where it has one of its own."""

    kind: HappeningKind
    id: str
    occurred_at: Instant
    title: str | None
    data: dict[str, Any]
