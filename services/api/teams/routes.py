"""/v1/teams"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AdminDoor, AnyDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.teams import commands, queries
from services.api.teams.schemas import NewTeam, Team, TeamChange, TeamListParameters

routes = router("teams", "access")


@routes.get("", response_model=Page[Team])
async def list_teams(door: AnyDoor, wanted: Annotated[TeamListParameters, Query()]) -> Response:
    """Pages of teams, by name."""
    return await door.read(queries.teams_by, wanted)


@routes.post("", status_code=201, response_model=Team)
async def create_team(door: AdminDoor, new: NewTeam) -> Response:
    """Add a team."""
    return await door.write(commands.create_team, new)


@routes.get("/{team_id}", response_model=Team)
async def get_team(door: AnyDoor, team_id: UUID) -> Response:
    """One team."""
    return await door.read(queries.team_by_id, team_id)


@routes.patch("/{team_id}", response_model=Team)
async def update_team(door: AdminDoor, team_id: UUID, change: TeamChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_team, team_id, change, door.expected_version)


@routes.delete("/{team_id}", status_code=204)
async def delete_team(door: AdminDoor, team_id: UUID) -> Response:
    """Remove a team without people."""
    return await door.write(commands.delete_team, team_id, door.expected_version)
