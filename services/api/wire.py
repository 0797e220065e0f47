"""JSON on the wire: strict on the way in, fast on the way out."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from starlette.responses import Response

from shared.errors import Fault, InvalidInput


class StrictRequest(Request):
    """Reads JSON without NaN, lone surrogates or NUL characters: PostgreSQL could store none of them."""

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


def refuse_nul(body: bytes) -> None:
    """Raises InvalidInput with the place of a NUL character, which JSON can write and PostgreSQL cannot store."""
    if b"\\u0000" not in body:
        return
    try:
        pointer = _find_nul(orjson.loads(body), "#")
    except orjson.JSONDecodeError:
        return  # Whoever parses it next says so.
    if pointer is not None:
        raise InvalidInput(Fault(pointer, "bad_value", "The character U+0000 cannot be stored."))


def _find_nul(value: Any, pointer: str) -> str | None:
    if isinstance(value, str):
        return pointer if "\x00" in value else None
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
        if any("\x00" in name for name in value):
            return pointer
    elif isinstance(value, list):
        items = enumerate(value)
    found = (_find_nul(item, f"{pointer}/{key}") for key, item in items)
    return next((place for place in found if place is not None), None)


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
