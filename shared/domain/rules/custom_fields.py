"""Custom fields nobody declared: their type is the one the rule itself speaks of.

`custom_fields.surface > 100` compares numbers, `custom_fields.tier = "gold"` texts, `custom_fields.renewal inNext P30D`
dates. A customer whose custom field holds another kind has no value for that rule; where it holds a list, `contains`
and `in` look at its elements.
"""

import re
from collections.abc import Mapping

from shared.domain.rules.fields import CUSTOM_PREFIX, Field
from shared.domain.rules.operators import ORDERED, RELATIVE_TO_TODAY, FieldType

_LONGEST_NAME = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMPARING_SIZES = frozenset({*ORDERED, "between", "notBetween"})


def infer_custom_field(name: str, rule: Mapping[str, object]) -> Field | None:
    """The field that this rule takes `name` for, or None when it is no name of a custom field."""
    key = name.removeprefix(CUSTOM_PREFIX)
    if not name.startswith(CUSTOM_PREFIX) or not 0 < len(key) <= _LONGEST_NAME or not key.isprintable():
        return None
    return Field(name, key, key, _type_of(str(rule.get("operator")), rule.get("value")), group="custom_fields")


def _type_of(operator: str, value: object) -> FieldType:
    if operator in RELATIVE_TO_TODAY:
        return "date"
    sample = value[0] if isinstance(value, list) and value else value
    if isinstance(sample, bool):
        return "boolean"
    if isinstance(sample, int | float):
        return "number"
    if operator in _COMPARING_SIZES:
        return "date" if isinstance(sample, str) and _DAY.match(sample) else "number"
    return "text"
