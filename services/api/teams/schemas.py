"""A team as callers send and get it."""

from uuid import UUID

from services.api.schemas import Change, Instant, Name, PageParameters, Payload, View


class NewTeam(Payload):
    """A team to add. Its name is unique in the workspace."""

    name: Name
    manager_id: UUID | None = None


class TeamChange(Change):
    """What to change."""

    name: Name = "?"
    manager_id: UUID | None = None


class Team(View):
    """A team as it is now. Its manager sees what its people own. `version` is also its ETag."""

    id: UUID
    name: str
    manager_id: UUID | None
    version: int
    created_at: Instant


class TeamListParameters(PageParameters):
    """Filters of the list, by name."""

    manager_id: UUID | None = None
