"""The life of an alert (services.scheduler.domain.alerting)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.scheduler.domain.alerting import (
    AlertState,
    Clear,
    Keep,
    NotOpen,
    Quiet,
    Raise,
    Status,
    acknowledge,
    after,
    evaluate,
)
from shared.domain.automation.alert_rule import AlertRule, parse_alert_rule
from shared.domain.automation.conditions import Value

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
OK, OPEN = AlertState(), AlertState(Status.RAISED, raised_at=NOW)


def rule(clear: dict[str, Any] | None = None, cooldown: str = "P0D", **condition: Any) -> AlertRule:
    document = {"name": "x", "metric": "kpi.x", "condition": condition, "clear": clear, "cooldown": cooldown}
    return parse_alert_rule(document, known_metrics={"kpi.x"})


def number(text: str | None) -> Value:
    return None if text is None else Decimal(text)


def said(verdict: Raise | Clear | Keep) -> str:
    return f"keep: {verdict.why}" if isinstance(verdict, Keep) else f"{type(verdict).__name__}: {verdict.finding}"


def judge(rule: AlertRule, state: AlertState, previous: Value, value: Value) -> str:
    return said(evaluate(rule, state, previous, value, NOW))


@pytest.mark.parametrize(
    ("condition", "previous", "value", "expected"),
    [
        ({"type": "above", "value": 50}, None, "50.01", "Raise: 50.01 above 50"),
        ({"type": "above", "value": 50}, None, "50", "keep: no_alarm"),
        ({"type": "below", "value": 50}, None, "49.99", "Raise: 49.99 below 50"),
        ({"type": "below", "value": 50}, None, "50", "keep: no_alarm"),
        ({"type": "between", "low": 10, "high": 20}, None, "10", "Raise: 10 between 10..20"),
        ({"type": "between", "low": 10, "high": 20}, None, "20", "Raise: 20 between 10..20"),
        ({"type": "between", "low": 10, "high": 20}, None, "20.01", "keep: no_alarm"),
        ({"type": "change_pct", "below": -20}, "1000", "799.99", "Raise: -20.001 below -20"),
        ({"type": "change_pct", "below": -20}, "1000", "800", "keep: no_alarm"),
        ({"type": "change_pct", "above": 50}, "-100", "0", "Raise: 100 above 50"),  # From a loss upwards is a rise.
        ({"type": "change_abs", "above": 5, "below": -5}, "10", "16", "Raise: 6 above 5"),
        ({"type": "change_abs", "above": 5, "below": -5}, "10", "4", "Raise: -6 below -5"),
        ({"type": "change_abs", "above": 5, "below": -5}, "10", "15", "keep: no_alarm"),
        ({"type": "crosses", "value": 50}, "49", "50", "Raise: 50 crossed_up 50"),
        ({"type": "crosses", "value": 50}, "51", "49", "Raise: 49 crossed_down 50"),
        ({"type": "crosses", "value": 50}, "50", "50", "keep: no_alarm"),
        ({"type": "crosses", "value": 50}, "60", "70", "keep: no_alarm"),
        ({"type": "crosses", "value": 50}, None, "70", "keep: no_alarm"),
        ({"type": "crosses", "value": 50, "direction": "up"}, "51", "49", "keep: no_alarm"),
        ({"type": "crosses", "value": 50, "direction": "down"}, "49", "51", "keep: no_alarm"),
    ],
)
def test_a_figure_raises_an_alert_that_says_value_and_threshold(
    condition: dict[str, Any], previous: str | None, value: str, expected: str
) -> None:
    assert judge(rule(**condition), OK, number(previous), number(value)) == expected


@pytest.mark.parametrize(
    ("condition", "previous", "value", "expected"),
    [
        ({"from": "B", "to": "A"}, "B", "A", "Raise: A changed_from B"),
        ({"from": "B", "to": "A"}, "C", "A", "keep: no_alarm"),
        ({"from": "B", "to": "A"}, "B", "C", "keep: no_alarm"),
        ({"from": "active", "to": ["dormant", "lost"]}, "active", "lost", "Raise: lost changed_from active"),
        ({"to": "high"}, "low", "high", "Raise: high changed_from low"),
        ({"to": "high"}, "high", "high", "keep: no_alarm"),
        ({}, "A", "B", "Raise: B changed_from A"),
        ({"to": "high"}, None, "high", "keep: no_alarm"),
        ({}, "A", None, "keep: not_measurable"),
    ],
)
def test_a_change_of_class_raises_an_alert_that_says_both(
    condition: dict[str, Any], previous: str | None, value: str | None, expected: str
) -> None:
    assert judge(rule(type="class_changed", **condition), OK, previous, value) == expected


@pytest.mark.parametrize(
    ("condition", "previous", "value"),
    [
        ({"type": "above", "value": 50}, "60", None),
        ({"type": "above", "value": 50}, "60", "A"),
        ({"type": "change_pct", "below": -20}, None, "10"),
        ({"type": "change_pct", "below": -20}, "0", "10"),
        ({"type": "change_abs", "below": -20}, None, "10"),
    ],
)
@pytest.mark.parametrize("state", [OK, OPEN])
def test_what_cannot_be_measured_neither_raises_nor_clears(
    state: AlertState, condition: dict[str, Any], previous: str | None, value: str | None
) -> None:
    measured: Value = value if value == "A" else number(value)
    assert judge(rule(**condition), state, number(previous), measured) == "keep: not_measurable"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("790", "keep: still_open"),
        ("850", "keep: still_open"),  # -15 %: no longer alarming, not yet clear.
        ("900", "keep: still_open"),
        ("901", "Clear: -9.9 above -10"),
    ],
)
def test_an_open_alert_ends_only_beyond_its_clear_bound(value: str, expected: str) -> None:
    falling = rule(type="change_pct", below=-20, clear={"above": -10})
    assert judge(falling, OPEN, Decimal(1000), Decimal(value)) == expected


@pytest.mark.parametrize(
    ("condition", "previous", "value", "expected"),
    [
        ({"type": "above", "value": 50}, "60", "51", "keep: still_open"),
        ({"type": "above", "value": 50}, "60", "50", "Clear: 50 within 50"),
        ({"type": "between", "low": 10, "high": 20}, "15", "21", "Clear: 21 outside 10..20"),
        ({"type": "crosses", "value": 50, "direction": "up"}, "60", "50", "keep: still_open"),
        ({"type": "crosses", "value": 50, "direction": "up"}, "60", "49", "Clear: 49 below 50"),
        ({"type": "crosses", "value": 50, "direction": "down"}, "40", "51", "Clear: 51 above 50"),
        ({"type": "crosses", "value": 50}, "60", "70", "keep: still_open"),
        ({"type": "crosses", "value": 50}, "60", "40", "Clear: 40 crossed_down 50"),
    ],
)
def test_without_a_clear_bound_an_alert_ends_when_its_condition_no_longer_holds(
    condition: dict[str, Any], previous: str, value: str, expected: str
) -> None:
    assert judge(rule(**condition), OPEN, number(previous), number(value)) == expected


@pytest.mark.parametrize(
    ("condition", "previous", "value", "expected"),
    [
        ({"from": "B", "to": "A"}, "A", "A", "keep: still_open"),
        ({"from": "B", "to": "A"}, "A", "B", "Clear: B changed_from A"),
        ({"from": "A"}, "B", "C", "keep: still_open"),
        ({"from": "A"}, "C", "A", "Clear: A changed_from C"),
        ({}, "B", "B", "keep: still_open"),
        ({}, "B", "C", "Clear: C changed_from B"),
    ],
)
def test_an_alert_on_a_class_ends_when_the_class_is_another_one(
    condition: dict[str, Any], previous: str, value: str, expected: str
) -> None:
    assert judge(rule(type="class_changed", **condition), OPEN, previous, value) == expected


def test_the_states_follow_each_other_from_ok_to_cleared() -> None:
    low = rule(type="below", value=50)
    raised = after(OK, evaluate(low, OK, None, Decimal(40), NOW), NOW)
    assert raised == AlertState(Status.RAISED, raised_at=NOW)
    seen = acknowledge(raised)
    assert seen == AlertState(Status.ACKNOWLEDGED, raised_at=NOW)
    assert after(seen, evaluate(low, seen, None, Decimal(45), NOW), NOW) == seen
    later = NOW + timedelta(days=1)
    cleared = after(seen, evaluate(low, seen, None, Decimal(55), later), later)
    assert cleared == AlertState(Status.CLEARED, raised_at=NOW, cleared_at=later)


def test_acknowledging_twice_changes_nothing() -> None:
    assert acknowledge(acknowledge(OPEN)) == acknowledge(OPEN)


@pytest.mark.parametrize("status", [Status.OK, Status.CLEARED])
def test_only_an_open_alert_can_be_acknowledged(status: Status) -> None:
    with pytest.raises(NotOpen, match=status):
        acknowledge(AlertState(status))


@pytest.mark.parametrize("state", [OPEN, acknowledge(OPEN)])
def test_while_one_is_open_no_second_one_is_raised(state: AlertState) -> None:
    assert evaluate(rule(type="below", value=50), state, None, Decimal(1), NOW) == Keep(Quiet.STILL_OPEN)


def test_after_its_end_an_alert_stays_quiet_for_the_cooldown() -> None:
    low = rule(type="below", value=50, cooldown="P7D")
    cleared = AlertState(Status.CLEARED, raised_at=NOW - timedelta(days=30), cleared_at=NOW)
    too_early, in_time = NOW + timedelta(days=7, seconds=-1), NOW + timedelta(days=7)
    assert evaluate(low, cleared, None, Decimal(40), too_early) == Keep(Quiet.COOLING_DOWN)
    assert said(evaluate(low, cleared, None, Decimal(40), in_time)) == "Raise: 40 below 50"
    assert after(cleared, evaluate(low, cleared, None, Decimal(40), in_time), in_time) == AlertState(
        Status.RAISED, raised_at=in_time
    )


def test_a_figure_that_trembles_around_its_threshold_does_not_flap() -> None:
    trembling = [Decimal(value) for value in (51, 49, 51, 49, 52, 48, 61, 49, 51, 40)]
    low, state, episodes = rule(type="below", value=50, clear={"above": 60}, cooldown="P3D"), OK, []
    for day, value in enumerate(trembling):
        now = NOW + timedelta(days=day)
        verdict = evaluate(low, state, None, value, now)
        episodes += [f"day {day} {said(verdict)}"] if not isinstance(verdict, Keep) else []
        state = after(state, verdict, now)
    assert episodes == ["day 1 Raise: 49 below 50", "day 6 Clear: 61 above 60", "day 9 Raise: 40 below 50"]


def test_the_same_observation_twice_raises_once() -> None:
    low = rule(type="below", value=50)
    state = after(OK, evaluate(low, OK, None, Decimal(40), NOW), NOW)
    assert after(state, evaluate(low, state, None, Decimal(40), NOW), NOW) == replace(state)
