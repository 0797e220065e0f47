"""Reading the JSON of an alert rule (shared.domain.automation.alert_rule)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from shared.domain.automation.alert_rule import (
    AlertRule,
    Period,
    Polarity,
    Scope,
    ScopeType,
    Severity,
    parse_alert_rule,
)
from shared.domain.automation.conditions import Bounds, Compare, Condition, ConditionType, Direction
from shared.domain.automation.documents import InvalidDefinition
from shared.domain.durations import Duration

METRICS = frozenset({"kpi.revenue", "scores.engagement.points", "scores.abc_revenue"})
SEGMENT = str(UUID(int=9))


def falling_revenue() -> dict[str, Any]:
    """The example of the documentation."""
    return {
        "name": "CA en baisse",
        "metric": "kpi.revenue",
        "scope": {"type": "segment", "id": SEGMENT},
        "period": "month",
        "condition": {"type": "change_pct", "compare": "same_last_year", "below": -20},
        "clear": {"above": -10},
        "polarity": "negative",
        "severity": "high",
        "cooldown": "P7D",
        "channels": ["in_app", "email", "chat"],
    }


def faults_in(document: object) -> list[tuple[str, str]]:
    try:
        parse_alert_rule(document, known_metrics=METRICS)
    except InvalidDefinition as error:
        return [(fault.pointer, fault.code) for fault in error.faults]
    return []


def condition_of(**fields: Any) -> Condition:
    document = {"name": "x", "metric": "kpi.revenue", "condition": fields}
    return parse_alert_rule(document, known_metrics=METRICS).condition


def test_the_example_of_the_documentation_is_read_completely() -> None:
    assert parse_alert_rule(falling_revenue(), known_metrics=METRICS) == AlertRule(
        name="CA en baisse",
        metric="kpi.revenue",
        condition=Condition(
            ConditionType.CHANGE_PCT, Bounds(below=Decimal(-20)), compare=Compare.SAME_LAST_YEAR
        ),
        clear=Bounds(above=Decimal(-10)),
        scope=Scope(ScopeType.SEGMENT, SEGMENT),
        period=Period.MONTH,
        polarity=Polarity.NEGATIVE,
        severity=Severity.HIGH,
        cooldown=Duration(days=7),
        channels=("in_app", "email", "chat"),
    )  # fmt: skip


def test_the_shortest_rule_watches_the_workspace_and_tells_it_in_the_application() -> None:
    document = {"name": "x", "metric": "kpi.revenue", "condition": {"type": "below", "value": 1000}}
    rule = parse_alert_rule(document, known_metrics=METRICS)
    assert (rule.scope, rule.clear, rule.channels) == (Scope(), None, ("in_app",))
    assert (rule.severity, rule.polarity, rule.cooldown) == (Severity.MEDIUM, Polarity.NEGATIVE, Duration())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "above", "value": "12.50"}, Condition(ConditionType.ABOVE, Bounds(above=Decimal("12.50")))),
        ({"type": "above", "above": 12}, Condition(ConditionType.ABOVE, Bounds(above=Decimal(12)))),
        ({"type": "below", "value": 0.1}, Condition(ConditionType.BELOW, Bounds(below=Decimal("0.1")))),
        ({"type": "between", "low": 1, "high": 5},
         Condition(ConditionType.BETWEEN, Bounds(above=Decimal(5), below=Decimal(1)))),
        ({"type": "change_abs", "above": 5, "below": -5},
         Condition(ConditionType.CHANGE_ABS, Bounds(Decimal(5), Decimal(-5)))),
        ({"type": "crosses", "value": 50, "direction": "up"},
         Condition(ConditionType.CROSSES, Bounds(above=Decimal(50)), direction=Direction.UP)),
        ({"type": "crosses", "value": 50, "direction": "down"},
         Condition(ConditionType.CROSSES, Bounds(below=Decimal(50)), direction=Direction.DOWN)),
        ({"type": "crosses", "value": 50}, Condition(ConditionType.CROSSES, Bounds(Decimal(50), Decimal(50)))),
        ({"type": "class_changed", "from": "B", "to": ["A"]},
         Condition(ConditionType.CLASS_CHANGED, classes_from=frozenset({"B"}), classes_to=frozenset({"A"}))),
        ({"type": "class_changed"}, Condition(ConditionType.CLASS_CHANGED)),
    ],
)  # fmt: skip
def test_every_kind_of_condition_is_read(fields: dict[str, Any], expected: Condition) -> None:
    assert condition_of(**fields) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": None}, [("#/name", "required")]),
        ({"metric": None}, [("#/metric", "required")]),
        ({"metric": "kpi.moon"}, [("#/metric", "unknown_metric")]),
        ({"condition": None}, [("#/condition", "required")]),
        ({"condition": [], "clear": None}, [("#/condition", "bad_value")]),
        ({"condition": {}, "clear": None}, [("#/condition/type", "required")]),
        ({"condition": {"type": "anomaly", "sigmas": 3}}, [("#/condition/type", "unsupported_condition")]),
        ({"condition": {"type": "above"}, "clear": None}, [("#/condition/value", "required")]),
        ({"condition": {"type": "above", "value": "much"}}, [("#/condition/value", "bad_value")]),
        ({"condition": {"type": "above", "value": True}}, [("#/condition/value", "bad_value")]),
        ({"condition": {"type": "above", "value": "NaN"}}, [("#/condition/value", "bad_value")]),
        ({"condition": {"type": "above", "value": float("inf")}}, [("#/condition/value", "bad_value")]),
        ({"condition": {"type": "above", "value": "1e400"}}, [("#/condition/value", "bad_value")]),
        ({"condition": {"type": "above", "value": 1, "compare": "previous"}, "clear": None},
         [("#/condition/compare", "unknown_field")]),
        ({"condition": {"type": "between", "low": 5, "high": 1}, "clear": None}, [("#/condition/high", "bad_value")]),
        ({"condition": {"type": "between", "low": 5}, "clear": None}, [("#/condition/high", "required")]),
        ({"condition": {"type": "change_pct"}, "clear": None}, [("#/condition/below", "required")]),
        ({"condition": {"type": "change_pct", "above": -5, "below": 5}, "clear": None},
         [("#/condition/below", "bad_value")]),
        ({"condition": {"type": "change_pct", "below": -20, "compare": "yesterday"}},
         [("#/condition/compare", "bad_value")]),
        ({"condition": {"type": "class_changed", "to": ["A", 3]}, "clear": None}, [("#/condition/to/1", "bad_value")]),
        ({"scope": {"type": "segment"}}, [("#/scope/id", "required")]),
        ({"scope": {"type": "team", "id": "7"}}, [("#/scope/id", "bad_value")]),
        ({"scope": {"type": "workspace", "id": SEGMENT}}, [("#/scope/id", "bad_value")]),
        ({"scope": {"type": "galaxy"}}, [("#/scope/type", "bad_value")]),
        ({"scope": {"type": "customer"}}, []),
        ({"scope": {"type": "customer", "id": SEGMENT}}, []),
        ({"period": "day"}, [("#/period", "bad_value")]),
        ({"severity": "extreme"}, [("#/severity", "bad_value")]),
        ({"cooldown": "7 days"}, [("#/cooldown", "bad_duration")]),
        ({"channels": ["pigeon"]}, [("#/channels/0", "bad_value")]),
        ({"colour": "red"}, [("#/colour", "unknown_field")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_it_stands(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert faults_in(falling_revenue() | change) == expected


@pytest.mark.parametrize(
    ("condition", "clear", "accepted"),
    [
        ({"type": "below", "value": 50}, {"above": 60}, True),
        ({"type": "below", "value": 50}, {"above": 50}, True),
        ({"type": "below", "value": 50}, {"above": 40}, False),
        ({"type": "below", "value": 50}, {"below": 60}, False),
        ({"type": "above", "value": 50}, {"below": 40}, True),
        ({"type": "above", "value": 50}, {"below": 60}, False),
        ({"type": "above", "value": 50}, {"above": 60}, False),
        ({"type": "above", "value": 50}, {"above": 40, "below": 60}, False),
        ({"type": "above", "value": 50}, {}, False),
        ({"type": "crosses", "value": 50, "direction": "down"}, {"above": 55}, True),
        ({"type": "crosses", "value": 50}, {"above": 55}, False),
        ({"type": "change_pct", "above": 5, "below": -5}, {"above": 0}, False),
        ({"type": "between", "low": 1, "high": 5}, {"above": 6}, False),
        ({"type": "class_changed"}, {"above": 6}, False),
    ],
)
def test_an_alert_must_clear_on_the_quiet_side_of_its_threshold(
    condition: dict[str, Any], clear: dict[str, Any], accepted: bool
) -> None:
    faults = faults_in(falling_revenue() | {"condition": condition, "clear": clear})
    assert faults == ([] if accepted else [("#/clear", "bad_clear")])
