"""Read users. Everybody in the workspace sees who works there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func

from services.api import records
from services.api.pagination import Sort
from services.api.users.schemas import UserListParameters
from services.api.work import Work
from shared.models import UserAccount

NAMES = ("id", "email", "name", "role", "team_id", "language", "timezone", "active", "version", "created_at")


def as_user(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in NAMES}, "has_password": row["password_hash"] is not None}


async def user_by_id(work: Work, user_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_user(await records.find(work, UserAccount, user_id))


async def users_by(work: Work, wanted: UserListParameters) -> dict[str, Any]:
    conditions = records.matching(UserAccount, wanted, "role", "team_id", "active")
    if wanted.email is not None:
        conditions.append(func.lower(UserAccount.email) == wanted.email.lower())
    return await records.listed(work, UserAccount, wanted, Sort(UserAccount.name, UserAccount.id), as_user, *conditions)
