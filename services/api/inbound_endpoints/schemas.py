"""An inbound endpoint as admins send and get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.api.schemas import Change, Flag, Instant, Name, PageParameters, Payload, View

ProviderName = Literal["brevo", "aircall"]
Secret = Annotated[
    str,
    StringConstraints(min_length=8, max_length=500, pattern=r"^[\x21-\x7e]+$"),
    Field(description="Aircall makes one itself: give it here. Generated unless given.", examples=["k9Yx-2mQp_71rT"]),
]


class NewInboundEndpoint(Payload):
    """Which tool will call. Brevo sends the secret as bearer token; Aircall inside the body, as `token`."""

    provider: ProviderName
    name: Name
    secret: Secret | None = None


class InboundEndpointChange(Change):
    """`rotate_secret` makes a new secret; `secret` sets a given one. The old one stops at once."""

    name: Name | None = None
    active: Flag | None = None
    secret: Secret | None = None
    rotate_secret: Flag | None = None


class InboundEndpoint(View):
    """`url` is what the tool has to call. `secret` is there only in the answer that made it."""

    id: UUID
    provider: ProviderName
    name: str
    url: str
    active: bool
    secret: str | None
    created_at: Instant


class InboundEndpointListParameters(PageParameters):
    """Filters of the list; oldest first."""

    provider: ProviderName | None = None
    active: bool | None = None
