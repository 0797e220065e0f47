"""From raw bytes to a document that can be stored: authenticated first, then parsed."""

import json
from collections.abc import Mapping
from typing import Any, Final

import orjson

from services.api.webhooks.providers import Provider
from services.api.wire import parse_json
from shared.errors import PortefeuilleError

MAX_BYTES: Final = 1024 * 1024


def read_json(adapter: Provider, headers: Mapping[str, str], body: bytes, secret: str) -> Any:
    """Raises Unauthorized, or PortefeuilleError `invalid_json` for what is not JSON or is nested too deeply to keep."""
    try:
        adapter.verify(headers, body, secret)
        content = parse_json(body)
        orjson.dumps(content)
    except (json.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise PortefeuilleError(f"Not valid JSON: {error}", code="invalid_json") from error
    return _without_nul(content) if b"\\u0000" in body else content


def _without_nul(value: Any) -> Any:
    """The character U+0000 can be written in JSON and cannot be stored; nobody means it."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return value
