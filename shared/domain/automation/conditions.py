"""The conditions of threshold alerts: which figure they look at, and on which side of a bound it alarms."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from shared.domain.automation.documents import Code, Section

Value = Decimal | str | None


class ConditionType(StrEnum):
    ABOVE = "above"
    BELOW = "below"
    BETWEEN = "between"
    CHANGE_PCT = "change_pct"
    CHANGE_ABS = "change_abs"
    CROSSES = "crosses"
    CLASS_CHANGED = "class_changed"


class Compare(StrEnum):
    """What a change is measured against: the period before, or the same period of last year."""

    PREVIOUS = "previous"
    SAME_LAST_YEAR = "same_last_year"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Strictly above the one or strictly below the other; what is missing bounds nothing."""

    above: Decimal | None = None
    below: Decimal | None = None

    def passed_by(self, figure: Decimal) -> tuple[str, Decimal] | None:
        """The word and the threshold of the bound that the figure is beyond, or None."""
        if self.above is not None and figure > self.above:
            return "above", self.above
        if self.below is not None and figure < self.below:
            return "below", self.below
        return None


@dataclass(frozen=True, slots=True)
class Condition:
    """`bounds` are alarming outside, except for `between`, which alarms inside, its ends included."""

    type: ConditionType
    bounds: Bounds = field(default_factory=Bounds)
    compare: Compare = Compare.PREVIOUS
    direction: Direction = Direction.ANY
    classes_from: frozenset[str] = frozenset()
    classes_to: frozenset[str] = frozenset()


CHANGES: Final = frozenset({ConditionType.CHANGE_PCT, ConditionType.CHANGE_ABS})


def figure_of(condition: Condition, previous: Value, value: Value) -> Decimal | None:
    """The number the bounds apply to: the value, or its change. None where that is undefined, never 0."""
    if not isinstance(value, Decimal):
        return None
    if condition.type not in CHANGES:
        return value
    if not isinstance(previous, Decimal):
        return None
    change = value - previous
    if condition.type is ConditionType.CHANGE_ABS:
        return change
    return change * 100 / abs(previous) if previous else None


def read_condition(parent: Section) -> Condition:
    """The condition of an alert rule; its faults are noted in the section."""
    document = parent.required("condition")
    section = Section({} if document is None else document, parent.at("condition"), parent.faults)
    if document is None or not section.text("type"):
        return Condition(ConditionType.ABOVE)
    kind = section.choice("type", ConditionType, ConditionType.ABOVE, Code.UNSUPPORTED_CONDITION)
    if kind != section.raw("type"):
        return Condition(kind)
    condition = _read_by_type(section, kind)
    section.close()
    return condition


def _read_by_type(section: Section, kind: ConditionType) -> Condition:
    match kind:
        case ConditionType.ABOVE:
            return Condition(kind, Bounds(above=_threshold(section, "above")))
        case ConditionType.BELOW:
            return Condition(kind, Bounds(below=_threshold(section, "below")))
        case ConditionType.BETWEEN:
            return Condition(kind, _read_range(section))
        case ConditionType.CROSSES:
            return _read_crossing(section)
        case ConditionType.CLASS_CHANGED:
            classes_from, classes_to = _read_classes(section, "from"), _read_classes(section, "to")
            return Condition(kind, classes_from=classes_from, classes_to=classes_to)
        case ConditionType.CHANGE_PCT | ConditionType.CHANGE_ABS:
            return _read_change(section, kind)


def _threshold(section: Section, name: str) -> Decimal | None:
    """The one threshold of a condition, in `value` or in the field named like the condition."""
    if section.raw(name) is not None:
        return section.number(name)
    section.required("value")
    return section.number("value")


def _read_range(section: Section) -> Bounds:
    for name in ("low", "high"):
        section.required(name)
    low, high = section.number("low"), section.number("high")
    if low is not None and high is not None and low > high:
        section.fault("high", Code.BAD_VALUE, "high must not be less than low")
    return Bounds(above=high, below=low)


def _read_crossing(section: Section) -> Condition:
    """Crossing upwards alarms on the upper side, downwards on the lower; any crossing alarms on either."""
    threshold = _threshold(section, "value")
    direction = section.choice("direction", Direction, Direction.ANY)
    above = threshold if direction is not Direction.DOWN else None
    below = threshold if direction is not Direction.UP else None
    return Condition(ConditionType.CROSSES, Bounds(above, below), direction=direction)


def _read_change(section: Section, kind: ConditionType) -> Condition:
    bounds = Bounds(section.number("above"), section.number("below"))
    if section.raw("above") is None and section.raw("below") is None:
        section.fault("below", Code.REQUIRED, "a change needs a bound: above, below or both")
    if bounds.above is not None and bounds.below is not None and bounds.below > bounds.above:
        section.fault("below", Code.BAD_VALUE, "below must not be greater than above")
    return Condition(kind, bounds, compare=section.choice("compare", Compare, Compare.PREVIOUS))


def _read_classes(section: Section, name: str) -> frozenset[str]:
    """One class or a list of them; none given means any."""
    if isinstance(section.raw(name), list):
        for index, item in enumerate(section.items(name)):
            if not isinstance(item, str) or not item.strip():
                section.faults.note(f"{section.at(name)}/{index}", Code.BAD_VALUE, "a class is a text")
        return frozenset(item for item in section.items(name) if isinstance(item, str))
    word = section.text(name, default="")
    return frozenset({word}) if word else frozenset()
