"""Read teams. Everybody in the workspace sees all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.pagination import Sort
from services.api.teams.schemas import TeamListParameters
from services.api.work import Work
from shared.models import Team

NAMES = ("id", "name", "manager_id", "version", "created_at")


def as_team(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


async def team_by_id(work: Work, team_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_team(await records.find(work, Team, team_id))


async def teams_by(work: Work, wanted: TeamListParameters) -> dict[str, Any]:
    sort = Sort(Team.name, Team.id)
    return await records.listed(work, Team, wanted, sort, as_team, *records.matching(Team, wanted, "manager_id"))
