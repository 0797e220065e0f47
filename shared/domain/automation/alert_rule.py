"""A threshold alert as a value, and the reading of its JSON."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from shared.domain.automation.conditions import CHANGES, Bounds, Condition, ConditionType, read_condition
from shared.domain.automation.documents import Code, Faults, Section
from shared.domain.durations import Duration

IN_APP: Final = "in_app"
ALERT_CHANNELS: Final = (IN_APP, "email", "chat")


class ScopeType(StrEnum):
    """`customer` with an id watches one customer, without an id each of them."""

    WORKSPACE = "workspace"
    TEAM = "team"
    REP = "rep"
    SEGMENT = "segment"
    CUSTOMER = "customer"


class Period(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Polarity(StrEnum):
    """Whether raising it is bad news or good news."""

    NEGATIVE = "negative"
    POSITIVE = "positive"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Scope:
    type: ScopeType = ScopeType.WORKSPACE
    id: str | None = None


@dataclass(frozen=True, slots=True)
class AlertRule:
    """`clear` is where an open alert ends (None: as soon as the condition no longer holds): the hysteresis."""

    name: str
    metric: str
    condition: Condition
    clear: Bounds | None = None
    scope: Scope = field(default_factory=Scope)
    period: Period = Period.MONTH
    polarity: Polarity = Polarity.NEGATIVE
    severity: Severity = Severity.MEDIUM
    cooldown: Duration = field(default_factory=Duration)
    channels: tuple[str, ...] = (IN_APP,)


def parse_alert_rule(document: object, *, known_metrics: Collection[str]) -> AlertRule:
    """Read and check a rule; raises `InvalidDefinition` with every fault.

    `known_metrics` are the full names of what can be watched: `kpi.revenue`, `scores.engagement` …
    """
    faults = Faults()
    section = Section(document, "#", faults)
    condition = read_condition(section)
    metric = _read_metric(section, known_metrics)
    if metric.startswith("scores.") and condition.type in CHANGES:
        section.fault("condition", Code.BAD_VALUE, "a change is measured between periods: only kpi.* have them")
    rule = AlertRule(
        name=section.text("name", max_length=200),
        metric=metric,
        condition=condition,
        clear=_read_clear(section, condition),
        scope=_read_scope(section),
        period=section.choice("period", Period, Period.MONTH),
        polarity=section.choice("polarity", Polarity, Polarity.NEGATIVE),
        severity=section.choice("severity", Severity, Severity.MEDIUM),
        cooldown=section.duration("cooldown", Duration()),
        channels=section.choices("channels", ALERT_CHANNELS) or (IN_APP,),
    )
    section.close()
    faults.refuse_any()
    return rule


def _read_metric(section: Section, known_metrics: Collection[str]) -> str:
    metric = section.text("metric", max_length=100)
    if metric and metric not in known_metrics:
        section.fault("metric", Code.UNKNOWN_METRIC, f"{metric!r} is not a metric that can be watched")
    return metric


def _read_scope(parent: Section) -> Scope:
    section = parent.section("scope")
    if section is None:
        return Scope()
    kind = section.choice("type", ScopeType, ScopeType.WORKSPACE)
    scope_id = None
    if kind is ScopeType.WORKSPACE and section.raw("id") is not None:
        section.fault("id", Code.BAD_VALUE, "the scope workspace has no id")
    elif kind is not ScopeType.WORKSPACE and (kind is not ScopeType.CUSTOMER or section.raw("id") is not None):
        scope_id = section.uuid("id")
    section.close()
    return Scope(kind, str(scope_id) if scope_id else None)


def _read_clear(parent: Section, condition: Condition) -> Bounds | None:
    """Above or below which figure an open alert ends."""
    section = parent.section("clear")
    if section is None:
        return None
    bounds = Bounds(section.number("above"), section.number("below"))
    section.close()
    if (bounds.above is None) == (bounds.below is None):
        section.faults.note(section.pointer, Code.BAD_CLEAR, "give either above or below")
    elif not _is_quiet_side(bounds, condition):
        section.faults.note(section.pointer, Code.BAD_CLEAR, "an alert must clear on the quiet side of its threshold")
    return bounds


def _is_quiet_side(clear: Bounds, condition: Condition) -> bool:
    """A clear bound in the alarming range would end an alert at once; with two thresholds no single bound is quiet."""
    alarming = condition.bounds
    if alarming == Bounds() and condition.type is not ConditionType.CLASS_CHANGED:
        return True  # The condition itself could not be read, which is noted already.
    if condition.type is ConditionType.BETWEEN or (alarming.above is None) == (alarming.below is None):
        return False
    if alarming.below is not None:
        return clear.above is not None and clear.above >= alarming.below
    return alarming.above is not None and clear.below is not None and clear.below <= alarming.above
