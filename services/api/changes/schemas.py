"""Events as callers get them: CloudEvents 1.0, each with its place in the feed."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.schemas import Instant, View


class Change(BaseModel):
    """A CloudEvent. `source` and `id` identify it; `sequence` rises for one customer."""

    cursor: str = Field(description="Its place in the feed: the next call's `after`")
    specversion: Literal["1.0"]
    id: str
    source: str
    type: str = Field(examples=["interaction.recorded"])
    time: Instant
    datacontenttype: str
    data: dict[str, Any]
    subject: str = Field(default="", description="The customer it is about")
    partitionkey: str = ""
    sequence: str = ""
    correlationid: str = ""
    causationid: str = ""


class Changes(View):
    """Events after a cursor. Without any, `next_cursor` is where to go on when there are."""

    items: list[Change]
    next_cursor: str


class ChangesParameters(BaseModel):
    """Where to go on; from the oldest event kept, unless given."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[str | None, Field(default=None, pattern=r"^[0-9]{1,18}$", examples=["1024"])]
    limit: Annotated[int, Field(default=100, ge=1, le=500)]
    type: Annotated[str | None, Field(default=None, max_length=100, examples=["interaction.recorded"])]
