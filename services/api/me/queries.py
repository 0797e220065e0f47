"""Read who the caller is."""

from typing import Any

from sqlalchemy import select

from services.api.work import Work
from shared.db.base import Base
from shared.errors import NotFound
from shared.models import ApiKey, UserAccount, Workspace

USER = ("id", "email", "name", "team_id", "language", "timezone")
KEY = ("id", "kind", "name", "prefix", "expires_at")
WORKSPACE = ("id", "name", "timezone", "currency", "language", "sandbox")


async def caller(work: Work) -> dict[str, Any]:
    principal = work.principal
    here = Workspace.id == work.workspace_id
    key = (ApiKey.workspace_id == work.workspace_id) & (ApiKey.id == principal.key_id)
    user = (UserAccount.workspace_id == work.workspace_id) & (UserAccount.id == principal.user_id)
    return {
        "user": None if principal.user_id is None else await _one(work, UserAccount, USER, user),
        "key": await _one(work, ApiKey, KEY, key),
        "role": principal.role,
        "scopes": sorted(principal.scopes),
        "workspace": await _one(work, Workspace, WORKSPACE, here),
    }


async def _one(work: Work, model: type[Base], names: tuple[str, ...], condition: Any) -> dict[str, Any]:
    row = (await work.session.execute(select(*(getattr(model, name) for name in names)).where(condition))).one_or_none()
    if row is None:
        raise NotFound("The credential was removed a moment ago.")
    return dict(zip(names, row, strict=True))
