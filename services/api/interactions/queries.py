"""Read interactions."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from services.api.interactions.schemas import InteractionListParameters
from services.api.pagination import Column, Sort, page
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.errors import NotFound
from shared.models import Interaction

NAMES = ("id", "customer_id", "external_id", "kind", "direction", "occurred_at", "duration_seconds", "subject", "body",
         "message_id", "cost", "metadata", "user_id", "created_at")  # fmt: skip
COLUMNS = [Interaction.details.label(name) if name == "metadata" else getattr(Interaction, name) for name in NAMES]
SORTABLE: dict[str, Column] = {"occurred_at": Interaction.occurred_at, "created_at": Interaction.created_at}


def as_interaction(row: Any) -> dict[str, Any]:
    """The answer's shape from a row with the columns by name."""
    view = {name: row[name] for name in NAMES}
    view["cost"] = None if view["cost"] is None else f"{view['cost']:.2f}"
    return view


def _visible(work: Work) -> Select[Any]:
    return select(*COLUMNS).where(
        Interaction.workspace_id == work.workspace_id, visible_facts(work.principal, Interaction.customer_id)
    )


async def interaction_by_id(work: Work, interaction_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    statement = _visible(work).where(Interaction.id == interaction_id)
    row = (await work.session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Interaction {interaction_id} does not exist.")
    return as_interaction(row)


async def interactions_by(work: Work, wanted: InteractionListParameters) -> dict[str, Any]:
    sort = Sort.parse(wanted.sort, SORTABLE, id=Interaction.id, default="-occurred_at")
    statement = _visible(work)
    if wanted.customer_id is not None:
        statement = statement.where(Interaction.customer_id == wanted.customer_id)
    if wanted.kind is not None:
        statement = statement.where(Interaction.kind == wanted.kind)
    if wanted.occurred_after is not None:
        statement = statement.where(Interaction.occurred_at > wanted.occurred_after)
    if wanted.occurred_before is not None:
        statement = statement.where(Interaction.occurred_at < wanted.occurred_before)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=_from_row)


def _from_row(row: Row[Any]) -> dict[str, Any]:
    return as_interaction(row._mapping)  # noqa: SLF001  The documented way to read a row by name.
