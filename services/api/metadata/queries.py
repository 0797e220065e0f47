"""Read the catalogue of fields in the caller's language, custom fields included."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Text, cast, func, select, true

from services.api.work import Work
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.fields import CUSTOM_PREFIX, Field
from shared.domain.rules.operators import FIELD_TO_FIELD, FieldType
from shared.models import Customer
from shared.texts import text

SAMPLE: Final = 10_000
MOST_CUSTOM_FIELDS: Final = 200
LONGEST_KEY: Final = 100
TYPE_OF_JSON: Final[dict[str, FieldType]] = {"number": "number", "boolean": "boolean", "array": "list"}
INPUT: Final = {"number": "number", "money": "number", "date": "date", "instant": "datetime-local"}
INDEXED: Final = frozenset({"id", "created_at", "owner_id", "scores.revenue"})
DAY: Final = '^"[0-9]{4}-[0-9]{2}-[0-9]{2}"$'


async def fields_offered(work: Work, language: str) -> dict[str, Any]:
    """Every field a rule may name, in the order a builder shows them."""
    catalogue = standard_catalogue(custom_fields=await _custom_fields(work))
    return {"items": [_view(field, language) for field in catalogue], "next_cursor": None, "prev_cursor": None}


async def _custom_fields(work: Work) -> list[Field]:
    """Those that the newest customers have, typed by what they hold."""
    newest = (
        select(Customer.custom_fields)
        .where(Customer.workspace_id == work.workspace_id, Customer.deleted_at.is_(None))
        .order_by(Customer.id.desc())
        .limit(SAMPLE)
        .subquery()
    )
    each = func.jsonb_each(newest.c.custom_fields).table_valued("key", "value").lateral()
    kinds = func.array_agg(func.jsonb_typeof(each.c.value).distinct())
    days = func.bool_and(cast(each.c.value, Text).regexp_match(DAY))
    found = (
        select(each.c.key, kinds, days)
        .select_from(newest)
        .join(each, true())
        .where(func.jsonb_typeof(each.c.value).not_in(["null", "object"]))
        .group_by(each.c.key)
        .order_by(each.c.key)
        .limit(MOST_CUSTOM_FIELDS)
    )
    rows = await work.session.execute(found)
    return [_custom_field(key, kinds, are_days) for key, kinds, are_days in rows if 0 < len(key) <= LONGEST_KEY]


def _custom_field(key: str, kinds: list[str], are_days: bool) -> Field:
    only = kinds[0] if len(kinds) == 1 else "string"
    kind = "date" if only == "string" and are_days else TYPE_OF_JSON.get(only, "text")
    return Field(CUSTOM_PREFIX + key, key, key, kind, group="custom_fields")


def _view(field: Field, language: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label_en if language == "en" else field.label_fr,
        "group": text(f"field_group.{field.group}", language),
        "type": field.type,
        "inputType": None if field.values or field.type == "boolean" else INPUT.get(field.type, "text"),
        "valueEditorType": _editor(field),
        "operators": [{"name": name, "label": text(f"operator.{name}", language)} for name in field.operators],
        "values": _options(field.values, language) or None,
        "defaultOperator": field.operators[0],
        "valueSources": ["value", "field"] if FIELD_TO_FIELD & {*field.operators} else ["value"],
        "nullable": field.nullable,
        "unit": field.unit,
        "indexed": field.name in INDEXED,
        "description": field.description or None,
    }


def _editor(field: Field) -> str:
    if field.type == "boolean":
        return "checkbox"
    if not field.values:
        return "text"
    return "multiselect" if field.type == "list" else "select"


def _options(values: Iterable[str], language: str) -> list[dict[str, str]]:
    return [{"name": value, "label": text(f"value.{value}", language)} for value in values]
