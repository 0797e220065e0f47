"""Read API keys. Sessions of people who logged in are not among them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from services.api.api_keys.schemas import ApiKeyListParameters
from services.api.pagination import Sort, page
from services.api.work import Work
from shared.errors import NotFound
from shared.models import ApiKey

NAMES = ("id", "name", "prefix", "role", "scopes", "user_id", "created_at", "expires_at", "revoked_at")
COLUMNS = [getattr(ApiKey, name) for name in NAMES]


def as_key(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


def _keys(work: Work) -> Select[Any]:
    return select(*COLUMNS).where(ApiKey.workspace_id == work.workspace_id, ApiKey.kind == "key")


async def key_by_id(work: Work, key_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = (await work.session.execute(_keys(work).where(ApiKey.id == key_id))).mappings().one_or_none()
    if row is None:
        raise NotFound(f"API key {key_id} does not exist.")
    return as_key(row)


async def keys_by(work: Work, wanted: ApiKeyListParameters) -> dict[str, Any]:
    statement = _keys(work)
    if wanted.user_id is not None:
        statement = statement.where(ApiKey.user_id == wanted.user_id)
    if wanted.role is not None:
        statement = statement.where(ApiKey.role == wanted.role)
    sort = Sort(ApiKey.created_at, ApiKey.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=_from_row)


def _from_row(row: Row[Any]) -> dict[str, Any]:
    return as_key(row._mapping)  # noqa: SLF001  The documented way to read a row by name.
