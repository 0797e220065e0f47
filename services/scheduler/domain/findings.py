"""Does this observation alarm, does that one calm: the judgement on single figures, without memory."""

from dataclasses import dataclass
from decimal import Decimal

from shared.domain.automation.alert_rule import AlertRule
from shared.domain.automation.conditions import Bounds, Condition, ConditionType, Direction, Value, figure_of


@dataclass(frozen=True, slots=True)
class Finding:
    """The figure (a value, a change or a class), how it stands to the threshold, and the threshold.

    `relation` is above, below, between, outside, within, crossed_up, crossed_down or changed_from.
    """

    relation: str
    figure: Decimal | str
    threshold: str

    def __str__(self) -> str:
        return f"{_plain(self.figure)} {self.relation} {self.threshold}"


def is_measurable(condition: Condition, previous: Value, value: Value) -> bool:
    """Whether there is anything to judge: an unknown value, or a change from nothing or from 0, is not 0."""
    if condition.type is ConditionType.CLASS_CHANGED:
        return isinstance(value, str)
    return figure_of(condition, previous, value) is not None


def alarm(condition: Condition, previous: Value, value: Value) -> Finding | None:
    """What speaks for raising an alert, or None."""
    if condition.type is ConditionType.CLASS_CHANGED:
        return _change_of_class(condition, previous, value)
    figure = figure_of(condition, previous, value)
    if figure is None:
        return None
    if condition.type is ConditionType.CROSSES:
        return _crossing(condition.bounds, previous, figure)
    passed = condition.bounds.passed_by(figure)
    if condition.type is ConditionType.BETWEEN:
        return None if passed else Finding("between", figure, _range(condition.bounds))
    return Finding(passed[0], figure, _plain(passed[1])) if passed else None


def relief(rule: AlertRule, previous: Value, value: Value) -> Finding | None:
    """What speaks for ending an open alert, or None."""
    condition = rule.condition
    if condition.type is ConditionType.CLASS_CHANGED:
        return _return_of_class(condition, previous, value)
    figure = figure_of(condition, previous, value)
    if figure is None:
        return None
    if rule.clear is not None:
        passed = rule.clear.passed_by(figure)
        return Finding(passed[0], figure, _plain(passed[1])) if passed else None
    if condition.type is ConditionType.CROSSES:
        return _crossing_back(condition, previous, figure)
    if alarm(condition, previous, value) is not None:
        return None
    relation = "outside" if condition.type is ConditionType.BETWEEN else "within"
    return Finding(relation, figure, _range(condition.bounds))


def _crossing(bounds: Bounds, previous: Value, figure: Decimal) -> Finding | None:
    """Reaching the threshold from the other side is crossing it; resting on it is not."""
    if not isinstance(previous, Decimal):
        return None
    if bounds.above is not None and previous < bounds.above <= figure:
        return Finding("crossed_up", figure, _plain(bounds.above))
    if bounds.below is not None and previous > bounds.below >= figure:
        return Finding("crossed_down", figure, _plain(bounds.below))
    return None


def _crossing_back(condition: Condition, previous: Value, figure: Decimal) -> Finding | None:
    """Back on the side it came from. An alert on any crossing ends with the next one, which is the way back."""
    if condition.direction is Direction.ANY:
        return _crossing(condition.bounds, previous, figure)
    passed = Bounds(above=condition.bounds.below, below=condition.bounds.above).passed_by(figure)
    return Finding(passed[0], figure, _plain(passed[1])) if passed else None


def _change_of_class(condition: Condition, previous: Value, value: Value) -> Finding | None:
    if not isinstance(previous, str) or not isinstance(value, str) or previous == value:
        return None
    left = not condition.classes_from or previous in condition.classes_from
    reached = not condition.classes_to or value in condition.classes_to
    return Finding("changed_from", value, previous) if left and reached else None


def _return_of_class(condition: Condition, previous: Value, value: Value) -> Finding | None:
    """The class is no longer the one alarmed about; where only the class left is named, it is that one again."""
    if not isinstance(value, str):
        return None
    if condition.classes_to:
        calm = value not in condition.classes_to
    elif condition.classes_from:
        calm = value in condition.classes_from
    else:
        calm = previous != value
    return Finding("changed_from", value, previous if isinstance(previous, str) else "") if calm else None


def _range(bounds: Bounds) -> str:
    ends = [_plain(end) for end in (bounds.below, bounds.above) if end is not None]
    return "..".join(ends)


def _plain(value: Decimal | str) -> str:
    return value if isinstance(value, str) else f"{value:f}"
