"""A template as callers send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.api.schemas import Instant, Name, PageParameters, Payload, Subject, View

Channel = Literal["email", "sms"]
Language = Literal["fr", "en"]
Body = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100_000, strip_whitespace=False),
    Field(
        description="Jinja2 with placeholders, conditions and a few filters: customer.*, owner.*, workspace.*,"
        " unsubscribe_url",
        examples=["Bonjour {{ customer.name }},"],
    ),
]


class NewTemplate(Payload):
    """A text in one language. An e-mail has a subject; a text message has neither subject nor HTML."""

    name: Name
    channel: Channel = "email"
    language: Language = "fr"
    subject: Subject | None = None
    body_text: Body
    body_html: Body | None = None


class TemplateChange(Payload):
    """The fields to change. Messages that were decided already keep the text they were given."""

    name: Name | None = None
    channel: Channel | None = None
    language: Language | None = None
    subject: Subject | None = None
    body_text: Body | None = None
    body_html: Body | None = None


class Template(View):
    """A template as saved."""

    id: UUID
    name: str
    channel: Channel
    language: Language
    subject: str | None
    body_text: str
    body_html: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class PreviewRequest(Payload):
    """For whom to fill it in."""

    customer_id: UUID


class TemplatePreview(View):
    """The text as this customer would get it, without the footer that every message ends with."""

    subject: str | None
    body_text: str
    body_html: str | None


class TemplateListParameters(PageParameters):
    """Filters of the list, sorted by name."""

    channel: Channel | None = None
    language: Language | None = None
