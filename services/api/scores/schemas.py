"""Scores as callers get them. Names and rules are those of definitions.md §0; null is unknown or undefined."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.api.schemas import Day, Instant, MoneyText, PageParameters, View

Status = Literal["prospect", "active", "dormant", "lost"]
Pareto = Literal["big", "small"]
Abc = Literal["A", "B", "C"]
NpsClass = Literal["promoter", "passive", "detractor"]
Level = Literal["low", "medium", "high"]
RfmSegment = Literal[
    "champions", "loyal_customers", "potential_loyalists", "new_customers", "promising", "need_attention",
    "about_to_sleep", "at_risk", "cant_lose_them", "hibernating",
]  # fmt: skip
IntervalSegment = Literal[
    "champions", "potential_loyalist", "loyal_customers", "promising", "new_customers", "cant_lose_them", "at_risk",
    "need_attention", "about_to_sleep", "lost", "others",
]  # fmt: skip
Signal = Literal["activity_drop", "repeated_complaints", "overdue", "dissatisfied", "disengaged"]
Basis = Annotated[
    Literal["recorded", "computed"],
    Field(description="recorded: what was known that day; computed: what today's facts say about it"),
]


class Rfm(BaseModel):
    """S3, S3b, S4."""

    r: int = 0
    f: int = 0
    m: int = 0
    cell: str = ""
    segment: RfmSegment | None = None
    segment_intervals: IntervalSegment | None = None


class Engagement(BaseModel):
    """E1."""

    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    rate_pct: float | None = None
    click_rate_pct: float | None = None
    social: int = 0


class ChurnRisk(BaseModel):
    """V1 to V5."""

    level: Level = "low"
    signals: list[Signal] = []


class HighPotential(BaseModel):
    """H1."""

    flag: bool = False
    reasons: list[Literal["margin", "headroom"]] = []


class Figures(BaseModel):
    """Everything known about one customer. A list with `fields` answers a part of it."""

    status: Status | None = None
    first_purchase: date | None = None
    last_purchase: date | None = None
    recency_days: int | None = None
    orders: int | None = None
    revenue: MoneyText | None = None
    margin: MoneyText | None = None
    rank: int | None = None
    pareto: Pareto | None = None
    abc_revenue: Abc | None = None
    abc_rank: Abc | None = None
    abc_bands: Abc | None = None
    abc_margin: Abc | None = None
    rfm: Rfm | None = None
    rfm_ntile: Rfm | None = None
    nps_score: int | None = None
    nps_class: NpsClass | None = None
    csat_last: int | None = None
    engagement: Engagement | None = None
    churn_risk: ChurnRisk | None = None
    dormant: bool | None = None
    high_potential: HighPotential | None = None
    cost_to_serve: MoneyText | None = None
    contribution: MoneyText | None = None
    costly: bool | None = None
    lead_score: float | None = None
    qualified: bool | None = None


class Scores(Figures):
    """The figures at a local day, and when they were found."""

    customer_id: UUID
    external_id: str | None
    as_of: date | None = Field(description="The local day at which the figures stand; null before the first")
    computed_at: Instant | None = Field(description="When the customer's own figures last changed")
    classes_computed_at: Instant | None = Field(description="When its place among the others last changed")


class Membership(View):
    """A segment that the customer is in, since when, and the rules that put it there."""

    segment_id: UUID
    key: str | None
    name: str
    built_in: bool
    definition_version: int
    entered_at: Instant
    reason: dict[str, Any]


class AsOf(BaseModel):
    """Which day is asked about; today unless given."""

    as_of: Day | None = None
    basis: Basis = "recorded"


class ScoreListParameters(PageParameters, AsOf):
    """Filters of the list. `fields` narrows the answer, such as `abc_revenue,rfm.segment`."""

    sort: Annotated[str | None, Field(default=None, examples=["-revenue"])]
    fields: Annotated[str | None, Field(default=None, max_length=2000, examples=["abc_revenue,rfm.segment"])]
    status: Status | None = None
    pareto: Pareto | None = None
    abc_revenue: Abc | None = None
    abc_rank: Abc | None = None
    abc_bands: Abc | None = None
    abc_margin: Abc | None = None
    rfm_segment: RfmSegment | None = None
    rfm_segment_intervals: IntervalSegment | None = None
    rfm_ntile_segment: RfmSegment | None = None
    nps_class: NpsClass | None = None
    churn_level: Level | None = None
    high_potential: bool | None = None
    costly: bool | None = None
    qualified: bool | None = None
