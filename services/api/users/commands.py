"""Write users. What they may do changes with the commit, in every session and for every key."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from services.api import records
from services.api.door import Answer, created
from services.api.passwords import hash_password
from services.api.users.queries import as_user
from services.api.users.schemas import NewUser, UserChange
from services.api.work import Work
from shared.errors import InvalidInput
from shared.models import ApiKey, UserAccount


async def create_user(work: Work, new: NewUser) -> Answer:
    """Adds a person. A taken e-mail address is a conflict."""
    values = new.model_dump(exclude={"password"})
    if new.password is not None:
        values["password_hash"] = await hash_password(new.password)
    return created(as_user(await records.add(work, UserAccount, values)), "/v1/users")


async def change_user(work: Work, user_id: UUID, change: UserChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs. Sessions end with a new password or a deactivation; keys take the new role."""
    current = await records.lock(work, UserAccount, user_id, version=version)
    values = await _differences(current, change)
    if not values:
        return as_user(current)
    row = await records.change(work, UserAccount, user_id, values)
    theirs = (ApiKey.workspace_id == work.workspace_id) & (ApiKey.user_id == user_id)
    if "password_hash" in values or values.get("active") is False:
        await work.session.execute(delete(ApiKey).where(theirs, ApiKey.kind == "session"))
    if "role" in values:
        await work.session.execute(update(ApiKey).where(theirs).values(role=values["role"]))
    return as_user(row)


async def _differences(current: Any, change: UserChange) -> dict[str, Any]:
    sent = change.model_dump(include=change.model_fields_set - {"password"})
    for name in ("email", "name", "role", "active"):
        if name in sent and sent[name] is None:
            raise InvalidInput.at(f"#/{name}", "required", "This field cannot be emptied.")
    values = {name: value for name, value in sent.items() if current[name] != value}
    if "password" in change.model_fields_set:
        values["password_hash"] = None if change.password is None else await hash_password(change.password)
    return values
