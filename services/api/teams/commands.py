"""Write teams. What a manager sees changes with the commit."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.api import records
from services.api.door import Answer, created
from services.api.teams.queries import as_team
from services.api.teams.schemas import NewTeam, TeamChange
from services.api.work import Work
from shared.errors import InvalidInput
from shared.models import Team, UserAccount


async def create_team(work: Work, new: NewTeam) -> Answer:
    """Adds a team. A taken name is a conflict."""
    await _require_user(work, new.manager_id)
    return created(as_team(await records.add(work, Team, new.model_dump())), "/v1/teams")


async def change_team(work: Work, team_id: UUID, change: TeamChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs."""
    current = await records.lock(work, Team, team_id, version=version)
    values = records.differences(Team, current, change)
    await _require_user(work, values.get("manager_id"))
    return as_team(await records.change(work, Team, team_id, values) if values else current)


async def delete_team(work: Work, team_id: UUID, version: int | None) -> None:
    """Removes a team. One that still has people is a conflict."""
    await records.lock(work, Team, team_id, version=version)
    await records.remove(work, Team, team_id)


async def _require_user(work: Work, user_id: UUID | None) -> None:
    """The table has no foreign key here: a team exists before its manager is written."""
    if user_id is None:
        return
    statement = select(UserAccount.id).where(UserAccount.workspace_id == work.workspace_id, UserAccount.id == user_id)
    if await work.session.scalar(statement.with_for_update(read=True)) is None:
        raise InvalidInput.at("#/manager_id", "unknown_reference", "No such user in this workspace.")
