"""From the JSON value of a rule to a typed value, by the type of the field and the operator."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from shared.domain.durations import Duration, InvalidDuration, parse_duration
from shared.domain.rules.faults import UnusableValue
from shared.domain.rules.fields import Field
from shared.domain.rules.operators import ARITY, FieldType
from shared.domain.rules.tree import RuleValue, Scalar

MOST_LISTED = 1000
LONGEST_TEXT = 1000
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")


def parse_value(field: Field, operator: str, json: object) -> RuleValue:
    """The value as `operator` takes it on `field`. Raises `UnusableValue`."""
    arity = ARITY[operator]
    if arity == "none":
        return None
    if json is None or json in ("", []):
        raise UnusableValue("missing_value", f"{operator} needs a value; to ask for emptiness, use null or notNull")
    if arity == "duration":
        return _duration(field, operator, json)
    if arity == "one":
        return _scalar(field, json)
    items = tuple(dict.fromkeys(_scalar(field, item) for item in _listed(json)))
    return _bounds(operator, items, json) if arity == "two" else items


def _listed(json: object) -> list[object]:
    """An array, or the comma-separated text that builders send; `\\,` is a comma inside an element."""
    items: list[object] = [json]
    if isinstance(json, list):
        items = json
    elif isinstance(json, str):
        items = [part for text in _UNESCAPED_COMMA.split(json) if (part := text.replace("\\,", ",").strip())]
    if not items:
        raise UnusableValue("missing_value", "the list is empty")
    if len(items) > MOST_LISTED:
        raise UnusableValue("too_many_values", f"a list has at most {MOST_LISTED} values")
    return items


def _bounds(operator: str, items: tuple[Scalar, ...], json: object) -> tuple[Scalar, Scalar]:
    if len(_listed(json)) != 2:
        raise UnusableValue("two_values_expected", f"{operator} needs exactly two values")
    low, high = items[0], items[-1]
    if isinstance(low, datetime) is not isinstance(high, datetime):
        raise UnusableValue("mixed_bounds", "both bounds must be days, or both instants")
    if low > high:  # type: ignore[operator]  # Both come from one field, so they have one type, which is ordered.
        raise UnusableValue("reversed_bounds", "the first bound is greater than the second")
    return low, high


def _duration(field: Field, operator: str, json: object) -> Duration:
    try:
        duration = parse_duration(json if isinstance(json, str) else "")
    except InvalidDuration as error:
        raise UnusableValue("bad_duration", "an ISO 8601 duration is expected: P30D, P3M, P1Y") from error
    if not duration:
        raise UnusableValue("bad_duration", "the duration must be longer than zero")
    if duration.seconds and (field.type != "instant" or operator == "anniversaryInNext"):
        raise UnusableValue("bad_duration", "hours and minutes need a field that is an instant")
    return duration


def _scalar(field: Field, json: object) -> Scalar:
    value = _READERS[field.type](json)
    if field.values and value not in field.values:
        raise UnusableValue("unknown_value", f"{str(value)[:40]!r} is none of {', '.join(field.values)}")
    return value


def _text(json: object) -> str:
    text = str(json) if isinstance(json, int) and not isinstance(json, bool) else json
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
        raise UnusableValue("bad_text", f"a text of 1 to {LONGEST_TEXT} characters is expected")
    # Neither can be stored or compared in a database: NUL, and the halves of surrogate pairs that JSON lets through.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise UnusableValue("bad_text", "the text holds characters that are no text")
    return text


def _number(json: object) -> Decimal:
    if isinstance(json, bool) or not isinstance(json, int | float | str):
        raise UnusableValue("bad_number", "a number is expected")
    plain = json.strip() if isinstance(json, str) else format(Decimal(str(json)), "f")
    if not _DECIMAL.fullmatch(plain):
        raise UnusableValue("bad_number", f"{plain[:40]!r} is no decimal number of at most 30 digits")
    return Decimal(plain)


def _boolean(json: object) -> bool:
    if isinstance(json, bool):
        return json
    if json in ("true", "false"):
        return json == "true"
    raise UnusableValue("bad_boolean", "true or false is expected")


def _day(json: object) -> date:
    if not isinstance(json, str) or not _DAY.fullmatch(json):
        raise UnusableValue("bad_date", "a date YYYY-MM-DD is expected")
    try:
        return date.fromisoformat(json)
    except ValueError as error:
        raise UnusableValue("bad_date", f"there is no day {json}") from error


def _instant_or_day(json: object) -> date:
    if isinstance(json, str) and _DAY.fullmatch(json):
        return _day(json)
    try:
        instant = datetime.fromisoformat(json if isinstance(json, str) else "")
        utc = instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnusableValue("bad_instant", "a date, or an instant with its offset, is expected") from error
    if instant.tzinfo is None:
        raise UnusableValue("bad_instant", "the instant needs its offset from UTC")
    return utc


def _uuid(json: object) -> str:
    try:
        return str(UUID(json if isinstance(json, str) else ""))
    except ValueError as error:
        raise UnusableValue("bad_uuid", "a UUID is expected") from error


_READERS: dict[FieldType, Callable[[object], Scalar]] = {
    "text": _text,
    "number": _number,
    "money": _number,
    "boolean": _boolean,
    "date": _day,
    "instant": _instant_or_day,
    "enum": _text,
    "list": _text,
    "uuid": _uuid,
}
