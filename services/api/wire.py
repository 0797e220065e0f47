"""JSON on the wire: strict on the way in, fast on the way out."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from starlette.responses import Response

from shared.errors import Fault, InvalidInput

Pairs = list[tuple[str, Any]]


class StrictRequest(Request):
    """A request whose JSON is read by `read_json` before anybody else asks for it."""

    async def read_json(self, *, by_row: bool) -> None:
        """Raises InvalidInput for what is not JSON, says a name twice or holds a NUL character.

        A batch answers each row (`by_row`): what is wrong inside one is left to `check_rows`. An empty body is left to
        validation, which says that it is missing.
        """
        body = await self.body()
        if not body:
            return
        try:
            self._json = parse_json(body)
        except json.JSONDecodeError as error:
            raise malformed("invalid_json", f"Not valid JSON at byte {error.pos}: {error.msg}") from error
        refuse_repeated_names(body)
        if not by_row:
            refuse_nul(body)

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json


def parse_json(body: bytes) -> Any:
    """Raises json.JSONDecodeError for what is not JSON: NaN, a lone surrogate or a number without end included."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise json.JSONDecodeError(error.msg, "", error.pos) from error


def refuse_repeated_names(body: bytes) -> None:
    """Raises InvalidInput for an object that says a name twice: readers of JSON disagree on which one counts."""
    try:
        json.loads(body, object_pairs_hook=_once)
    except RecursionError as error:
        raise malformed("too_deep", "JSON is nested too deep.") from error


def _once(pairs: Pairs) -> None:
    if len(pairs) > 1 and len(names := {name for name, _ in pairs}) != len(pairs):
        twice = next(name for name in names if sum(name == other for other, _ in pairs) > 1)
        raise malformed("repeated_name", f"An object says {twice[:100]!r} more than once.")


def malformed(code: str, detail: str) -> InvalidInput:
    """The body as a whole cannot be read (400)."""
    error = InvalidInput.at("#", code, detail)
    error.code = "invalid_json"
    return error


def refuse_nul(body: bytes) -> None:
    """Raises InvalidInput with the place of a NUL character, which JSON can write and PostgreSQL cannot store."""
    if b"\\u0000" not in body:
        return
    try:
        fault = find_nul(orjson.loads(body))
    except orjson.JSONDecodeError:
        return  # Whoever parses it next says so.
    if fault is not None:
        raise InvalidInput(fault)


def may_hold_nul(items: Any) -> bool:
    """Whether it is worth looking for NUL in parsed JSON; cheap for a thousand rows."""
    try:
        return b"\\u0000" in orjson.dumps(items)
    except TypeError:  # Nested deeper than it can write, or not from JSON.
        return True


def find_nul(document: Any) -> Fault | None:
    """The first NUL character in parsed JSON. Without recursion, because callers decide how deep it is."""
    waiting = [("#", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, str) and "\x00" in value:
            return Fault(pointer, "bad_value", "The character U+0000 cannot be stored.")
        if isinstance(value, dict):
            waiting += [(pointer, name) for name in value]
            waiting += [(f"{pointer}/{escape(name)}", item) for name, item in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{index}", item) for index, item in enumerate(value)]
    return None


def escape(part: Any) -> str:
    """A name as RFC 6901 writes it in a pointer."""
    return str(part).replace("~", "~0").replace("/", "~1")


def encode(value: Any) -> bytes:
    """Instants in UTC with Z, ids and decimals as text."""
    return orjson.dumps(value, default=_as_text, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def _as_text(value: Any) -> Any:
    if isinstance(value, Decimal | UUID):  # The driver's UUID is a subclass, which orjson does not know.
        return str(value)
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(encode(value), status, headers, media_type="application/json")
