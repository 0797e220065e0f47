"""From the typed tree back to react-querybuilder JSON, in its normal form: lists as arrays, nothing optional."""

from datetime import UTC, date, datetime
from decimal import Decimal

from shared.domain.durations import Duration
from shared.domain.rules.tree import Group, Rule, RuleValue

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def render_rule(group: Group) -> dict[str, Json]:
    """JSON that parses into the same tree. Amounts are decimal strings, so that no reader makes floats of them."""
    rendered: dict[str, Json] = {
        "combinator": group.combinator,
        "rules": [render_rule(node) if isinstance(node, Group) else _comparison(node) for node in group.rules],
    }
    return {**rendered, "not": True} if group.negated else rendered


def _comparison(rule: Rule) -> dict[str, Json]:
    rendered: dict[str, Json] = {"field": rule.field, "operator": rule.operator, "value": _value(rule.value)}
    return {**rendered, "valueSource": "field"} if rule.value_source == "field" else rendered


def _value(value: RuleValue) -> Json:
    match value:
        case tuple():
            return [_value(item) for item in value]
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Duration():
            return str(value)
        case _:
            return value
