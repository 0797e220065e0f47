"""Alert rules and alerts as callers send and get them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Flag, Instant, Label, Name, PageParameters, Payload, View

Object = dict[str, Any]
State = Literal["raised", "acknowledged", "cleared"]
Severity = Literal["low", "medium", "high"]
Polarity = Literal["negative", "positive"]
Period = Literal["week", "month", "quarter", "year"]
Metric = Annotated[Label, Field(examples=["scores.churn_risk.level", "kpi.revenue"])]
Scope = Annotated[
    Object,
    Field(description="`workspace`, `team`, `rep`, `segment` or `customer` with `id`; `customer` alone is each of them",
          examples=[{"type": "customer"}]),
]  # fmt: skip
Condition = Annotated[
    Object,
    Field(description="`above`, `below`, `between`, `change_pct`, `change_abs`, `crosses` or `class_changed`",
          examples=[{"type": "class_changed", "to": "high"}]),
]  # fmt: skip
Clear = Annotated[Object, Field(description="Where an open alert ends: `above` or `below`", examples=[{"above": -10}])]
Cooldown = Annotated[str, Field(max_length=40, examples=["P7D"])]
Channels = Annotated[list[Literal["in_app", "email", "chat"]], Field(max_length=3)]


class NewAlertRule(Payload):
    """Which figure to watch, and when it alarms."""

    name: Name
    active: Flag = True
    metric: Metric
    scope: Scope | None = None
    period: Period | None = None
    condition: Condition
    clear: Clear | None = None
    polarity: Polarity | None = None
    severity: Severity | None = None
    cooldown: Cooldown | None = None
    channels: Channels | None = None


class AlertRuleChange(Payload):
    """The members to change; null takes one away."""

    name: Name | None = None
    active: Flag | None = None
    metric: Metric | None = None
    scope: Scope | None = None
    period: Period | None = None
    condition: Condition | None = None
    clear: Clear | None = None
    polarity: Polarity | None = None
    severity: Severity | None = None
    cooldown: Cooldown | None = None
    channels: Channels | None = None


class AlertRule(View):
    """A rule as saved; a member that is null has its default."""

    id: UUID
    name: str
    active: bool
    metric: str
    scope: Object | None
    period: Period | None
    condition: Object
    clear: Object | None
    polarity: Polarity | None
    severity: Severity | None
    cooldown: str | None
    channels: list[str] | None
    version: int
    created_at: Instant
    updated_at: Instant


class AlertRuleListParameters(PageParameters):
    """Filters of the list, oldest first."""

    metric: Metric | None = None
    active: bool | None = None


class Alert(View):
    """One episode, from raised to cleared."""

    id: UUID
    rule_id: UUID
    rule_name: str
    rule_version: int
    scope_key: str
    customer_id: UUID | None
    state: State
    severity: str
    polarity: str
    value: Any
    reason: dict[str, Any]
    raised_at: Instant
    acknowledged_at: Instant | None
    acknowledged_by: UUID | None
    cleared_at: Instant | None
    version: int


class AlertChange(Payload):
    """Take note of it."""

    state: Literal["acknowledged"]


class AlertListParameters(PageParameters):
    """Filters of the list, latest first."""

    state: State | None = None
    severity: Severity | None = None
    polarity: Polarity | None = None
    rule_id: UUID | None = None
    customer_id: UUID | None = None
