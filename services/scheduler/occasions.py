"""An occasion is one occurrence of one rule for one customer. Whatever it leads to is keyed by it.

The ledger (table `decision`) has one row per occasion, also when nothing was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.domain.ledger import SEPARATOR, Outcome, Reason
from services.scheduler.workspaces import Company
from shared.models import Decision
from shared.telemetry import current_correlation


@dataclass(frozen=True, slots=True)
class Occasion:
    """`occurs_on` follows from the occurrence, never from the moment of deciding: so the key is unique for ever."""

    company: Company
    kind: str
    key: str
    occurs_on: date
    rule_id: UUID
    rule_version: int
    customer_id: UUID | None
    enrollment_id: UUID | None = None
    step_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def part(self, name: str) -> "Occasion":
        """One of several things that one occurrence leads to, with a key and an outcome of its own."""
        return replace(self, key=f"{self.key}{SEPARATOR}{name}", step_id=name)


async def is_decided(session: AsyncSession, occasion: Occasion) -> bool:
    """Whether the ledger has an outcome already."""
    return await session.scalar(select(Decision.id).where(*_of(occasion))) is not None


async def decide(
    session: AsyncSession,
    occasion: Occasion,
    outcome: Outcome,
    *,
    now: datetime,
    reason: Reason | None = None,
    details: Mapping[str, Any] | None = None,
    message_id: UUID | None = None,
    task_id: UUID | None = None,
) -> None:
    """Write the outcome. The first one stays: a repeat changes nothing."""
    row = {
        "workspace_id": occasion.company.id,
        "occurs_on": occasion.occurs_on,
        "occurrence_key": occasion.key,
        "kind": occasion.kind,
        "rule_id": occasion.rule_id,
        "rule_version": occasion.rule_version,
        "customer_id": occasion.customer_id,
        "outcome": outcome.value,
        "reason": reason.value if reason else None,
        "details": {**occasion.details, **(details or {})},
        "message_id": message_id,
        "task_id": task_id,
        "decided_at": now,
        "correlation_id": current_correlation(),
    }
    await session.execute(insert(Decision).values(row).on_conflict_do_nothing())


async def amend_for_message(
    session: AsyncSession,
    workspace_id: UUID,
    customer_id: UUID | None,
    message_id: UUID,
    *,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A message that was decided and could not be sent: its one row in the ledger says so from now on."""
    mine = (Decision.workspace_id == workspace_id, Decision.customer_id == customer_id)
    statement = (
        update(Decision)
        .where(*mine, Decision.message_id == message_id)
        .values(outcome=outcome.value, reason=reason.value if reason else None)
    )
    await session.execute(statement)


def _of(occasion: Occasion) -> tuple[Any, ...]:
    return (
        Decision.workspace_id == occasion.company.id,
        Decision.occurs_on == occasion.occurs_on,
        Decision.occurrence_key == occasion.key,
    )
