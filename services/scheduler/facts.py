"""What the branches and the goal of a sequence ask about: the customer's record, and what became of its e-mails."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.definitions import rules_of
from services.scheduler.domain.progress import Facts
from services.scheduler.workspaces import Company
from shared.domain.automation.sequence import Sequence
from shared.domain.rules.evaluate import Record, matches
from shared.domain.rules.references import fields_used
from shared.domain.rules.tree import Group
from shared.models import Customer, Enrollment, Message, MessageEvent
from shared.rules.records import as_record, select_records

STEP_PREFIX: Final = "step."
_REPORTED: Final = ("delivered", "opened", "clicked", "replied", "bounced")
# Whoever clicked has opened, and whoever opened has received: pixels are often blocked.
_IMPLIED_BY: Final = {
    "delivered": ("delivered", "opened", "clicked", "replied"),
    "opened": ("opened", "clicked", "replied"),
    "clicked": ("clicked",),
    "replied": ("replied",),
    "bounced": ("bounced",),
}


async def load_facts(
    session: AsyncSession, company: Company, sequence: Sequence, enrollment: Enrollment, now: datetime
) -> Facts:
    """The present state of one enrollment."""
    names = {name for rule in rules_of(sequence) for name in fields_used(rule)}
    steps = {name for name in names if name.startswith(STEP_PREFIX)}
    record = await customer_record(session, company, enrollment.customer_id, names - steps, now)
    if steps:
        record |= await _reports(session, enrollment)
    timezone = await session.scalar(
        select(Customer.timezone).where(Customer.workspace_id == company.id, Customer.id == enrollment.customer_id)
    )
    return Facts(_judge(record, company, now), company.zone_of(timezone))


async def customer_record(
    session: AsyncSession, company: Company, customer_id: UUID, names: Iterable[str], now: datetime
) -> dict[str, Any]:
    """The fields as rules read them; empty if the customer is gone."""
    fields = tuple(names)
    if not fields:
        return {}
    statement = select_records(company.id, [customer_id], fields, company.view(now))
    row = (await session.execute(statement)).first()
    return {} if row is None else dict(as_record(row, fields)[1])


def _judge(record: Record, company: Company, now: datetime) -> Any:
    def holds(rule: object) -> bool:
        if not isinstance(rule, Group):
            raise TypeError(f"{rule!r} is no rule")
        return matches(rule, record, company.today(now), now, company.zone)

    return holds


async def _reports(session: AsyncSession, enrollment: Enrollment) -> dict[str, Any]:
    """`step.<id>.<fact>` for every e-mail of this run. What a machine seems to have opened does not count."""
    event = and_(
        MessageEvent.workspace_id == Message.workspace_id,
        MessageEvent.message_ref == Message.message_ref,
        MessageEvent.suspected_bot.is_(False),
    )
    kinds = func.array_remove(func.array_agg(MessageEvent.kind), None)
    statement = (
        select(Message.step_id, Message.status, kinds)
        .outerjoin(MessageEvent, event)
        .where(Message.workspace_id == enrollment.workspace_id, Message.enrollment_id == enrollment.id)
        .group_by(Message.step_id, Message.status)
    )
    facts: dict[str, Any] = {}
    for step_id, status, reported in await session.execute(statement):
        seen = {kind.removeprefix("email.") for kind in reported}
        facts |= {f"{STEP_PREFIX}{step_id}.{name}": _happened(name, seen) for name in _REPORTED}
        facts[f"{STEP_PREFIX}{step_id}.sent"] = status == "sent"
    return facts


def _happened(name: str, seen: Collection[str]) -> bool:
    return any(kind in seen for kind in _IMPLIED_BY[name])
