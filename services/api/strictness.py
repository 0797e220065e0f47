"""What pydantic would quietly turn into something else, and must refuse. Values that are typed already pass."""

import re
from typing import Any, Final

from pydantic_core import PydanticCustomError

DEEPEST: Final = 60
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXACT_DIGITS: Final = 15
"""So many significant digits survive the way through a double; a JSON number with more of them may have lost some."""


def written_out(value: Any) -> Any:
    """Refuses instants as numbers: seconds, milliseconds and years cannot be told apart."""
    if isinstance(value, int | float) or (isinstance(value, str) and value[4:5] != "-"):
        raise PydanticCustomError(
            "bad_timestamp", "An instant with its offset, such as 2026-03-15T10:30:00+01:00.", {"code": "bad_timestamp"}
        )
    return value


def day_only(value: Any) -> Any:
    """Refuses numbers, and instants: which day an instant is on depends on the place."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _DAY.fullmatch(value)):
        raise PydanticCustomError("bad_date", "A day of the calendar as YYYY-MM-DD.", {"code": "bad_date"})
    return value


def exact(value: Any) -> Any:
    """Refuses text that is no number in JSON's letters, and JSON numbers that may have lost digits on their way."""
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise PydanticCustomError("decimal_parsing", "A decimal number, such as 129.90.")
    if isinstance(value, float) and len(text := repr(value)) > _EXACT_DIGITS + 1 and _digits(text) > _EXACT_DIGITS:
        raise PydanticCustomError("inexact", 'Send a number with so many digits as text, such as "129.90".')
    return value


def _digits(number: str) -> int:
    return len(number.partition("e")[0].replace(".", "").strip("-0"))


def storable(value: dict[str, Any]) -> dict[str, Any]:
    """Refuses nesting that could be stored and then never be written out again. Level by level, without recursion."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [inner for node in level for inner in (node.values() if isinstance(node, dict) else node)]
        level = [node for node in level if isinstance(node, dict | list)]
        if not level:
            return value
    raise PydanticCustomError("too_deep", "JSON is nested at most 60 deep here.", {"code": "too_deep"})
