"""From pydantic's errors to ours: a JSON pointer, a stable code and a sentence.

Facts use the reason codes of definitions.md I7, whatever the way the value was wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.api.wire import escape
from shared.errors import Fault

BY_TYPE = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "json_invalid": "invalid_json",
    "string_too_long": "too_long",
    "string_too_short": "required",
    "too_long": "too_long",
    "timezone_aware": "bad_timestamp",
}
BY_FIELD = {
    "occurred_at": "bad_timestamp",
    "answered_at": "bad_timestamp",
    "amount": "bad_amount",
    "cost": "bad_amount",
    "unit_price": "bad_amount",
    "kind": "bad_kind",
    "score": "bad_score",
    "rate": "bad_rate",
    "currency": "bad_currency",
    "email": "bad_email",
    "phone": "bad_phone",
    "siren": "bad_siren",
    "siret": "bad_siret",
    "vat_number": "bad_vat_number",
    "birth_date": "bad_date",
}
KEPT = {"required", "unknown_field", "invalid_json"}


def faults_of(errors: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """One fault per place, in their order."""
    found: dict[tuple[str, str], Fault] = {}
    for error in errors:
        fault = _fault_of(error)
        found.setdefault((fault.pointer, fault.code), fault)
    return list(found.values())


def _fault_of(error: Mapping[str, Any]) -> Fault:
    location = list(error["loc"])
    if error["type"] == "json_invalid":
        return Fault("#", "invalid_json", f"Not valid JSON at byte {location[-1]}: {error['ctx']['error']}")
    code = error.get("ctx", {}).get("code") or _code(error["type"], location)
    if code == "unknown_field" and location[0] == "query":
        code = "unknown_parameter"
    return Fault(pointer_of(location), code, _sentence(error))


def _code(kind: str, location: Sequence[Any]) -> str:
    code = BY_TYPE.get(kind, "bad_value")
    if code in KEPT:
        return code
    field = next((part for part in reversed(location) if isinstance(part, str)), "")
    return BY_FIELD.get(field, "bad_date" if kind.startswith("date_") else code)


def _sentence(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def pointer_of(location: Sequence[Any]) -> str:
    """`#/lines/0/quantity` in the body, `?limit` in the query, `header:If-Match`, `path:id`."""
    where, *rest = location
    if where == "query":
        return f"?{rest[0]}" if rest else "?"
    if where in {"header", "path", "cookie"}:
        return f"{where}:{rest[0]}" if rest else str(where)
    parts = rest if where == "body" else location
    return "#" + "".join(f"/{escape(part)}" for part in parts if not _is_union_tag(part))


def _is_union_tag(part: Any) -> bool:
    """Pydantic puts the tried variant of a union into the location; it is no part of the document."""
    return isinstance(part, str) and (part.endswith(")") or "[" in part)
