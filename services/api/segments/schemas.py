"""A segment as callers send and get it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Instant, Name, PageParameters, Payload, Text, View

RULE_EXAMPLE = {
    "combinator": "and",
    "rules": [
        {"field": "scores.status", "operator": "=", "value": "dormant"},
        {"field": "scores.revenue", "operator": ">=", "value": 1000},
    ],
}
Rule = Annotated[
    dict[str, Any],
    Field(description="react-querybuilder JSON; `/v1/metadata/fields` lists its fields", examples=[RULE_EXAMPLE]),
]


class NewSegment(Payload):
    """A segment to find the members of."""

    name: Name
    description: Text | None = None
    rule: Rule


class SegmentChange(Payload):
    """The fields to change. Another rule is another definition: its members are found anew."""

    name: Name | None = None
    description: Text | None = None
    rule: Rule | None = None


class SegmentPreview(Payload):
    """A rule to try."""

    rule: Rule


class Segment(View):
    """A segment. Built-in ones have a `key` and are read-only."""

    id: UUID
    key: str | None
    name: str
    description: str | None
    rule: dict[str, Any]
    built_in: bool
    member_count: int = Field(description="Its members within the caller's sight, as far as the segmenter has come")
    definition_version: int
    version: int
    created_at: Instant
    updated_at: Instant


class Sample(View):
    """A customer that satisfies a rule."""

    id: UUID
    external_id: str | None
    name: str


class Preview(View):
    """What a rule would find now. `time_sensitive`: the passage of time alone may change it."""

    count: int
    sample: list[Sample]
    time_sensitive: bool


class Member(View):
    """A customer in a segment, since when, and the rules that put it there."""

    customer_id: UUID
    external_id: str | None
    name: str
    entered_at: Instant
    definition_version: int
    reason: dict[str, Any]


class Trace(View):
    """One rule's own answer. Groups and their negation are not applied."""

    pointer: str = Field(examples=["#/rule/rules/0"])
    field: str
    operator: str
    wanted: Any
    actual: Any
    result: bool


class Explanation(View):
    """Whether a customer satisfies a segment's rule now (`matches`), and whether it is a member (`is_member`).

    The two differ for the moment that the segmenter needs to follow.
    """

    segment_id: UUID
    customer_id: UUID
    definition_version: int
    is_member: bool
    since: Instant | None
    matches: bool
    at: Instant
    trace: list[Trace]


class Movement(View):
    """A customer entered or left."""

    id: int
    customer_id: UUID
    change: Literal["entered", "left"]
    at: Instant
    reason: dict[str, Any]


class SegmentListParameters(PageParameters):
    """Filters of the list, sorted by name."""

    built_in: bool | None = None


class MemberListParameters(PageParameters):
    """By customer, or by the moment of entering."""

    sort: Annotated[str | None, Field(default=None, examples=["-entered_at"])]


class HistoryParameters(PageParameters):
    """Newest first."""

    customer_id: UUID | None = None


class ExplainParameters(Payload):
    """Whom to explain."""

    customer_id: UUID
