"""Two values side by side in SQL. Values of different kinds never match: the answer is then false or null."""

import operator as python
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.domain.rules.viewpoint import Viewpoint
from shared.rules.record import Column

Condition = ColumnElement[bool]
Family = Literal["text", "number", "boolean", "time"]

_FAMILY: dict[str, Family] = {
    "text": "text",
    "code": "text",
    "id": "text",
    "number": "number",
    "boolean": "boolean",
    "date": "time",
    "birthday": "time",
    "instant": "time",
}
_Comparison = Callable[[Any, Any], Condition]
_COMPARE: dict[str, _Comparison] = {
    "=": python.eq,
    "<": python.lt,
    ">": python.gt,
    "<=": python.le,
    ">=": python.ge,
}


def value_of(value: object) -> Column:
    """A value of a rule, as a bound parameter of its kind."""
    match value:
        case bool():
            return Column(literal(value, Boolean), "boolean")
        case Decimal() | int():
            return Column(literal(Decimal(value), Numeric), "number")
        case datetime():
            return Column(literal(value, DateTime(timezone=True)), "instant")
        case date():
            return Column(literal(value, Date), "date")
        case str() | UUID():
            return Column(literal(str(value), Text), "text")
        case _:
            raise TypeError(f"{type(value).__name__} is no value of a rule")


def is_empty(column: Column) -> Condition:
    """No value, an empty text or an empty list."""
    if column.kind == "list":
        return func.coalesce(func.cardinality(column.expression), 0) == 0
    if column.kind == "custom":
        content = func.coalesce(_json_text(column.expression), "")
        return or_(content == "", content == "[]")
    return column.expression.is_(None)


def compare(operator: str, left: Column, right: Column, view: Viewpoint) -> Condition:
    """`left operator right` where both are of one family, else false."""
    if left.kind == "custom" or right.kind == "custom":
        return _compare_custom(operator, left, right, view)
    family = _FAMILY.get(left.kind)
    if family is None or family != _FAMILY.get(right.kind):
        return false()
    how = _COMPARE[operator]
    if family == "text":
        return _compare_texts(how, left, right)
    if family == "time" and not (left.kind == right.kind == "instant"):
        return how(day_of(left, view), day_of(right, view))
    return how(left.expression, right.expression)


def _compare_texts(how: _Comparison, left: Column, right: Column) -> Condition:
    """Codes and ids are written in one way only, and so are the values a rule may give for them."""
    if left.kind in {"code", "id"} and _is_given(right):
        exact = func.lower(right.expression) if left.kind == "id" else right.expression
        return how(cast(left.expression, Text), exact)
    return how(folded(left).collate("C"), folded(right).collate("C"))


def folded(column: Column) -> ColumnElement[str]:
    """Without case and accents. What a rule gives is folded once, not once a row."""
    fold = func.fold(cast(column.expression, Text), type_=Text)
    return select(fold).scalar_subquery() if _is_given(column) else fold


def _is_given(column: Column) -> bool:
    return column.expression.__visit_name__ == "bindparam"


def day_of(column: Column, view: Viewpoint) -> ColumnElement[date]:
    """The calendar date: of an instant in the workspace's zone (D1), of a text if it is one, of a date itself."""
    match column.kind:
        case "instant":
            return cast(func.timezone(str(view.timezone), column.expression), Date)
        case "birthday":
            return _as_day(column.expression)
        case "custom":
            return _as_day(json_scalar(column.expression, "string"))
        case _:
            return column.expression


def _as_day(text: ColumnElement[str]) -> ColumnElement[Any]:
    whole = and_(text.regexp_match("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), func.pg_input_is_valid(text, "date"))
    return case((whole, cast(text, Date)))


# Lists ---------------------------------------------------------------------------------------------------------------


def any_of(column: Column, wanted: list[Column], view: Viewpoint) -> Condition:
    """The value, or an element of the list, is one of these."""
    if column.kind == "list":
        element = func.unnest(cast(column.expression, ARRAY(Text))).column_valued("element")
        return _one_equals(element, "text", wanted, view)
    if column.kind == "custom":
        element = func.jsonb_array_elements(_array(column.expression), type_=JSONB).column_valued("element")
        return or_(*_equals(column, wanted, view), _one_equals(element, "custom", wanted, view))
    return or_(*_equals(column, wanted, view))


def _equals(column: Column, wanted: list[Column], view: Viewpoint) -> list[Condition]:
    return [compare("=", column, value, view) for value in wanted]


def _one_equals(element: Any, kind: Literal["text", "custom"], wanted: list[Column], view: Viewpoint) -> Condition:
    return select(literal(1)).where(or_(*_equals(Column(element, kind), wanted, view))).exists()


def contains(column: Column, wanted: list[Column], view: Viewpoint) -> Condition:
    """A part of the text, or an element of the list."""
    if column.kind == "list":
        return any_of(column, wanted, view)
    inside = func.strpos(_folded_text(column), folded(wanted[0])) > 0
    if column.kind == "custom":
        is_text = func.jsonb_typeof(column.expression) == "string"
        return case((is_text, inside), else_=any_of(column, wanted, view))
    return inside


def begins(column: Column, wanted: list[Column], _: Viewpoint) -> Condition:
    return func.starts_with(_folded_text(column), folded(wanted[0]))


def ends(column: Column, wanted: list[Column], _: Viewpoint) -> Condition:
    end = folded(wanted[0])
    return func.right(_folded_text(column), func.length(end)) == end


def _folded_text(column: Column) -> ColumnElement[str]:
    if column.kind == "custom":
        return folded(Column(json_scalar(column.expression, "string"), "text"))
    return folded(column)


# Custom fields -------------------------------------------------------------------------------------------------------

_JSON_TYPES: dict[Family, tuple[str, Any]] = {
    "text": ("string", Text),
    "number": ("number", Numeric),
    "boolean": ("boolean", Boolean),
}
_OF_FAMILY: dict[Family, Literal["text", "number", "boolean"]] = {
    "text": "text",
    "number": "number",
    "boolean": "boolean",
}


def _compare_custom(operator: str, left: Column, right: Column, view: Viewpoint) -> Condition:
    """JSON says of itself what it is; each kind is compared with its own."""
    if left.kind == "custom" and _FAMILY.get(right.kind) == "time":
        return _COMPARE[operator](day_of(left, view), day_of(right, view))
    families = {_FAMILY.get(side.kind) for side in (left, right) if side.kind != "custom"} or set(_JSON_TYPES)
    pairs = [
        compare(operator, _typed(left, family), _typed(right, family), view)
        for family in sorted(family for family in families if family in _JSON_TYPES)
    ]
    return or_(false(), *pairs)


def _typed(column: Column, family: Family) -> Column:
    if column.kind != "custom":
        return column
    json_type, sql_type = _JSON_TYPES[family]
    return Column(cast(json_scalar(column.expression, json_type), sql_type), _OF_FAMILY[family])


def json_scalar(json: ColumnElement[Any], json_type: str) -> ColumnElement[str]:
    """The text of a JSON value of this type, else null."""
    return case((func.jsonb_typeof(json) == json_type, _json_text(json)))


def _json_text(json: ColumnElement[Any]) -> ColumnElement[str]:
    """A JSON null is no value, and so null."""
    return json.op("#>>", return_type=Text())(literal([], ARRAY(Text)))


def _array(json: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((func.jsonb_typeof(json) == "array", json), else_=func.jsonb_build_array(type_=JSONB))
