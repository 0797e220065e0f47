"""Read decisions."""

from typing import Any, Final

from sqlalchemy import select

from services.api.decisions.schemas import DecisionListParameters
from services.api.pagination import Column, Sort, by_name, page
from services.api.records import matching
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Decision

COLUMNS: Final[list[Column]] = [
    getattr(Decision, name)
    for name in (
        "id", "occurrence_key", "occurs_on", "kind", "rule_id", "rule_version", "customer_id", "outcome", "reason",
        "details", "message_id", "task_id", "decided_at",
    )
]  # fmt: skip


async def decisions_by(work: Work, wanted: DecisionListParameters) -> dict[str, Any]:
    """Newest first. Those about no customer are for callers who see everything."""
    statement = select(*COLUMNS).where(
        Decision.workspace_id == work.workspace_id,
        visible_facts(work.principal, Decision.customer_id),
        *matching(Decision, wanted, "customer_id", "kind", "outcome", "reason", "rule_id"),
    )
    if wanted.occurs_from is not None:
        statement = statement.where(Decision.occurs_on >= wanted.occurs_from)
    if wanted.occurs_to is not None:
        statement = statement.where(Decision.occurs_on <= wanted.occurs_to)
    sort = Sort(Decision.decided_at, Decision.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)
