"""Exchange a password for a session token."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.api.auth.schemas import Login
from services.api.credentials import new_credential
from services.api.passwords import fits
from services.api.security import Unauthorized
from shared.db.session import enter_workspace
from shared.errors import InvalidInput
from shared.models import ApiKey

LIVES: Final = timedelta(hours=12)
_LOGINS: Final = text("select workspace_id, workspace_name, user_id, role, password_hash from find_logins(:email)")


async def log_in(session: AsyncSession, login: Login) -> dict[str, Any]:
    """A new token. Raises Unauthorized, the same for an unknown address and a wrong password and after the same work.

    Raises InvalidInput when address and password fit in several workspaces and `client_id` names none of them.
    """
    found = (await session.execute(_LOGINS, {"email": login.username.strip()})).all()
    known = [row for row in found if _is_meant(row, login.client_id)]
    fitting = [row for row in known if await fits(row.password_hash, login.password)]
    if not known:
        await fits(None, login.password)
    if not fitting:
        raise Unauthorized("The e-mail address or the password is wrong.")
    return await _open_session(session, _only(fitting))


def _is_meant(row: Row[Any], client_id: str | None) -> bool:
    return not client_id or client_id in {row.workspace_name, str(row.workspace_id)}


def _only(fitting: Sequence[Row[Any]]) -> Row[Any]:
    if len(fitting) > 1:
        names = ", ".join(row.workspace_name for row in fitting)
        raise InvalidInput.at("#/client_id", "required", f"Name the workspace; it is one of {names}.")
    return fitting[0]


async def _open_session(session: AsyncSession, account: Row[Any]) -> dict[str, Any]:
    """Also forgets the person's sessions that have ended."""
    await enter_workspace(session, account.workspace_id)
    mine = (ApiKey.workspace_id == account.workspace_id) & (ApiKey.user_id == account.user_id)
    await session.execute(delete(ApiKey).where(mine, ApiKey.kind == "session", ApiKey.expires_at < func.now()))
    credential = new_credential("ps")
    values = {
        "workspace_id": account.workspace_id,
        "user_id": account.user_id,
        "kind": "session",
        "name": "session",
        "prefix": credential.prefix,
        "key_hash": credential.digest,
        "role": account.role,
        "expires_at": func.now() + LIVES,
    }
    await session.execute(insert(ApiKey).values(values))
    return {"access_token": credential.text, "token_type": "bearer", "expires_in": int(LIVES.total_seconds())}
