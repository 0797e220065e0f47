"""What several api tests put in place or look up past the api."""

import json
from typing import Any
from uuid import UUID

import asyncpg


async def add_user(
    owner: asyncpg.Connection, workspace: UUID, role: str = "rep", *, name: str = "alix", team_id: UUID | None = None
) -> UUID:
    """A user of the workspace, of that role."""
    user_id = await owner.fetchval(
        "insert into user_account (workspace_id, email, name, role, team_id) values ($1, $2, $3, $4, $5) returning id",
        workspace,
        f"{name}@acme.example",
        name,
        role,
        team_id,
    )
    return UUID(str(user_id))


async def add_workspace(owner: asyncpg.Connection, name: str = "Autre") -> UUID:
    """Another workspace, to which nothing may leak."""
    statement = "insert into workspace (name, timezone, currency) values ($1, 'Europe/Paris', 'EUR') returning id"
    return UUID(str(await owner.fetchval(statement, name)))


async def told(owner: asyncpg.Connection, type_: str) -> list[dict[str, Any]]:
    """The data of the events of one type, in the order in which they will be published."""
    rows = await owner.fetch("select data from outbox where type = $1 order by id", type_)
    return [json.loads(row["data"]) for row in rows]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
