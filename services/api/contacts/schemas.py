"""A contact as callers send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.api.schemas import Change, ExternalId, Flag, Instant, Label, Name, PageParameters, Payload, View
from shared.domain import limits
from shared.domain.contact import normalise_email


def _address(value: str) -> str:
    address = normalise_email(value)
    if address is None:
        raise PydanticCustomError("bad_value", "An e-mail address, such as camille.durand@example.com.")
    return address


Email = Annotated[
    str,
    Field(max_length=limits.EMAIL, examples=["camille.durand@example.com"]),
    AfterValidator(_address),
]
Phone = Annotated[str, StringConstraints(min_length=3, max_length=limits.PHONE), Field(examples=["06 39 98 01 23"])]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$"), Field(examples=["fr"])]


class ContactFields(Payload):
    external_id: ExternalId | None = None
    role: Label | None = None
    decision_maker: Flag = False
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None


class NewContact(ContactFields):
    """A person to add at a company customer."""

    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    name: Name


class ContactChange(ContactFields, Change):
    """What to change. At least one field."""

    name: Name = "?"


class Contact(View):
    """A person as known now. `version` is also its ETag."""

    id: UUID
    customer_id: UUID
    external_id: str | None
    name: str
    role: str | None
    decision_maker: bool
    email: str | None
    phone: str | None
    language: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class ContactListParameters(PageParameters):
    """Filters of the list; all must hold."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"
    customer_id: UUID | None = None
    external_id: ExternalId | None = None
    decision_maker: bool | None = None
    email: Annotated[str | None, Field(default=None, max_length=limits.EMAIL)]
