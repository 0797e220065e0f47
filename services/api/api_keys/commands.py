"""Make and revoke API keys."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from services.api.api_keys.queries import COLUMNS, as_key, key_by_id
from services.api.api_keys.schemas import NewApiKey
from services.api.credentials import new_credential
from services.api.work import Work
from shared.errors import InvalidInput
from shared.models import ApiKey, UserAccount


async def issue_key(work: Work, new: NewApiKey) -> dict[str, Any]:
    """The key with its text, which is never shown again. A person's key never has more than the person's role."""
    await _check(work, new)
    credential = new_credential()
    values = {
        **new.model_dump(),
        "scopes": list(dict.fromkeys(new.scopes)),
        "workspace_id": work.workspace_id,
        "prefix": credential.prefix,
        "key_hash": credential.digest,
    }
    row = (await work.session.execute(insert(ApiKey).values(values).returning(*COLUMNS))).mappings().one()
    return as_key(row) | {"key": credential.text}


async def revoke_key(work: Work, key_id: UUID) -> None:
    """Raises NotFound. A key that is revoked already stays as it is."""
    await key_by_id(work, key_id)
    await work.session.execute(
        update(ApiKey)
        .where(ApiKey.workspace_id == work.workspace_id, ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def _check(work: Work, new: NewApiKey) -> None:
    # Keys live in real time, also in a sandbox whose clock was moved.
    now = (await work.session.execute(select(func.now()))).scalar_one()
    if new.expires_at is not None and new.expires_at <= now:
        raise InvalidInput.at("#/expires_at", "bad_value", "A key that has expired opens nothing.")
    if new.user_id is None:
        if new.role == "rep":
            raise InvalidInput.at("#/user_id", "required", "A rep sees its own portfolio: say whose key it is.")
        return
    statement = select(UserAccount.role).where(
        UserAccount.workspace_id == work.workspace_id, UserAccount.id == new.user_id
    )
    role = await work.session.scalar(statement)
    if role is None:
        raise InvalidInput.at("#/user_id", "unknown_reference", "No such user in this workspace.")
    if role != new.role:
        raise InvalidInput.at(
            "#/role", "bad_value", f"A person's key has the person's role, {role}; narrow it by scopes."
        )
