"""One rule of a query: field, operator and value, each checked against what the field allows."""

from collections.abc import Mapping

from shared.domain.rules.custom_fields import infer_custom_field
from shared.domain.rules.faults import RuleError, RuleFault, UnusableValue, attempt, refusal
from shared.domain.rules.fields import Field, FieldCatalogue
from shared.domain.rules.operators import ARITY, EMPTINESS, FIELD_TO_FIELD, FieldType
from shared.domain.rules.tree import Rule, RuleValue, ValueSource
from shared.domain.rules.values import parse_value

# Fields of one kind compare with one another; a list compares with nothing but its elements.
_KIND: dict[FieldType, str] = {
    "text": "text",
    "enum": "text",
    "uuid": "text",
    "number": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "time",
    "instant": "time",
}


def read_comparison(json: Mapping[str, object], pointer: str, fields: FieldCatalogue) -> Rule:
    """The rule. Raises `RuleError` with every fault found; a value is only read once field and operator are known."""
    faults: list[RuleFault] = []
    field = attempt(faults, _field, json, pointer, fields)
    operator = attempt(faults, _operator, json, pointer)
    source = attempt(faults, _source, json, pointer)
    if json.get("match") is not None:
        faults.append(RuleFault(f"{pointer}/match", "match_not_supported", "match modes are not supported"))
    if field is None or operator is None or source is None or faults:
        raise RuleError(tuple(faults))
    _check_sense(field, operator, source, pointer)
    if source == "field":
        return Rule(field.name, operator, _other_field(field, json.get("value"), pointer, fields), source)
    return Rule(field.name, operator, _value(field, operator, json.get("value"), pointer, fields))


def _field(json: Mapping[str, object], pointer: str, fields: FieldCatalogue) -> Field:
    name = json.get("field")
    field = fields.get(name) if isinstance(name, str) else None
    if field is None and isinstance(name, str) and fields.open_custom_fields:
        field = infer_custom_field(name, json)
    if field is None:
        raise refusal(f"{pointer}/field", "unknown_field", f"there is no field {str(name)[:100]!r}")
    return field


def _operator(json: Mapping[str, object], pointer: str) -> str:
    operator = json.get("operator")
    if not isinstance(operator, str) or operator not in ARITY:
        raise refusal(f"{pointer}/operator", "unknown_operator", f"there is no operator {str(operator)[:100]!r}")
    return operator


def _source(json: Mapping[str, object], pointer: str) -> ValueSource:
    source = json.get("valueSource")
    if source is None or source == "value":
        return "value"
    if source == "field":
        return "field"
    raise refusal(f"{pointer}/valueSource", "unsupported_value_source", "valueSource is value or field")


def _check_sense(field: Field, operator: str, source: ValueSource, pointer: str) -> None:
    # Asking whether a field that is never empty is empty is not offered, but it means something.
    if operator not in field.operators and operator not in EMPTINESS:
        detail = f"{operator} means nothing for {field.name} ({field.type}); use {', '.join(field.operators)}"
        raise refusal(f"{pointer}/operator", "operator_not_for_field", detail)
    if source == "field" and operator not in FIELD_TO_FIELD:
        detail = f"{operator} compares with a value, not with another field"
        raise refusal(f"{pointer}/valueSource", "operator_needs_value", detail)


def _other_field(field: Field, name: object, pointer: str, fields: FieldCatalogue) -> str:
    other = fields.get(name) if isinstance(name, str) else None
    if other is None:
        raise refusal(f"{pointer}/value", "unknown_field", f"there is no field {str(name)[:100]!r}")
    if _KIND.get(field.type) != _KIND.get(other.type, "list"):
        detail = f"{field.name} ({field.type}) and {other.name} ({other.type}) cannot be compared"
        raise refusal(f"{pointer}/value", "incomparable_fields", detail)
    return other.name


def _value(field: Field, operator: str, json: object, pointer: str, fields: FieldCatalogue) -> RuleValue:
    try:
        value = parse_value(field, operator, json)
    except UnusableValue as error:
        raise refusal(f"{pointer}/value", error.code, error.detail) from error
    if ARITY[operator] == "segments" and isinstance(value, tuple) and fields.segments is not None:
        unknown = [str(segment) for segment in value if segment not in fields.segments]
        if unknown:
            raise refusal(f"{pointer}/value", "unknown_segment", f"there is no segment {', '.join(unknown)[:200]}")
    return value
