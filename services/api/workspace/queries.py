"""Read the caller's workspace and its clock."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import func, select

from services.api.work import Work
from shared.domain.thresholds import Settings
from shared.errors import NotFound
from shared.models import Workspace

HEAD: Final = ("id", "name", "timezone", "currency", "language", "sandbox", "version", "created_at")
THRESHOLDS: Final = frozenset(Settings.__dataclass_fields__)


def as_workspace(workspace: Workspace) -> dict[str, Any]:
    """The answer's shape; every threshold as it applies, its default where it has no value of its own."""
    stored = workspace.settings
    return {name: getattr(workspace, name) for name in HEAD} | {
        "settings": asdict(Settings.from_mapping(own_thresholds(stored))),
        "quiet_hours": stored.get("quiet_hours"),
        "require_if_match": stored.get("require_if_match", False),
    }


def own_thresholds(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if name in THRESHOLDS}


async def workspace_of(work: Work) -> dict[str, Any]:
    found = await work.session.scalar(select(Workspace).where(Workspace.id == work.workspace_id))
    if found is None:
        raise NotFound
    return as_workspace(found)


async def test_clock(work: Work) -> dict[str, Any]:
    """Raises NotFound outside a sandbox."""
    statement = select(
        Workspace.sandbox,
        (func.now() + Workspace.clock_offset).label("now"),
        Workspace.clock_offset,
        Workspace.clock_target,
    ).where(Workspace.id == work.workspace_id)
    row = (await work.session.execute(statement)).mappings().one()
    if not row["sandbox"]:
        raise NotFound("Only a sandbox has a clock of its own.", code="sandbox_only")
    return {
        "now": row["now"],
        "offset_seconds": row["clock_offset"].total_seconds(),
        "advancing_to": row["clock_target"],
    }
