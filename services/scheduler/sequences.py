"""Who begins a sequence and who leaves it. The steps in between are `running`'s.

Lock order, here and there: due actions before their enrollment.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.definitions import sequence_of
from services.scheduler.domain.ledger import Outcome, Reason, step_key
from services.scheduler.domain.progress import End, Ending, MayEnroll, Run, may_enroll, next_action
from services.scheduler.facts import load_facts
from services.scheduler.occasions import Occasion, decide
from services.scheduler.workspaces import Company
from shared.domain.automation.layout import first_path
from shared.domain.automation.sequence import Sequence as Definition
from shared.domain.automation.steps import Email, Notify, Task
from shared.domain.calendar import local_day
from shared.domain.rules.tree import Group
from shared.events.automation import EnrollmentEnded, EnrollmentStarted
from shared.models import Customer, DueAction, Enrollment
from shared.models import Sequence as SequenceRow
from shared.outbox.append import append
from shared.rules.select import customers_matching
from shared.telemetry import correlated, current_correlation

GOAL: Final = "goal_reached"


@dataclass(frozen=True, slots=True)
class Entry:
    """A customer that is to begin, and the instant of what made it so."""

    customer_id: UUID
    at: datetime


_ACTIVE: Final = (SequenceRow.status == "active", SequenceRow.deleted_at.is_(None))


async def started_by_segment(
    session: AsyncSession, workspace_id: UUID, trigger: str, segment_id: UUID
) -> Sequence[UUID]:
    """The active sequences that begin when a customer enters or leaves that segment (`trigger`)."""
    statement = select(SequenceRow.id).where(
        SequenceRow.workspace_id == workspace_id,
        SequenceRow.trigger_type == trigger,
        SequenceRow.trigger_segment_id == segment_id,
        *_ACTIVE,
    )
    return (await session.scalars(statement.order_by(SequenceRow.id))).all()


async def started_by_event(session: AsyncSession, workspace_id: UUID, event: str) -> list[tuple[UUID, Group | None]]:
    """The active sequences that begin with an event of that type, each with the rule its customer has to satisfy."""
    statement = select(SequenceRow.id, SequenceRow.definition_version).where(
        SequenceRow.workspace_id == workspace_id, SequenceRow.trigger_type == "event", *_ACTIVE
    )
    found = []
    for sequence_id, version in await session.execute(statement.order_by(SequenceRow.id)):
        trigger = (await sequence_of(session, workspace_id, sequence_id, version)).trigger
        if trigger.event == event:
            found.append((sequence_id, trigger.rule if isinstance(trigger.rule, Group) else None))
    return found


async def matching(
    session: AsyncSession, company: Company, entries: Collection[Entry], rule: Group, now: datetime
) -> list[Entry]:
    """Those whose customer satisfies the rule at present."""
    statement = customers_matching(rule, company.id, company.view(now))
    ids = [entry.customer_id for entry in entries]
    matched = set(await session.scalars(statement.where(Customer.id.in_(ids))))
    return [entry for entry in entries if entry.customer_id in matched]


async def enroll(
    session: AsyncSession, company: Company, sequence_id: UUID, entries: Collection[Entry], now: datetime
) -> int:
    """Enroll whom the re-entry rule allows; returns how many began.

    What made a customer enter counts once: an instant that is not after the last run's start is a repeat. What happened
    before the sequence was created starts nothing.
    """
    head = await session.scalar(
        select(SequenceRow).where(SequenceRow.workspace_id == company.id, SequenceRow.id == sequence_id, *_ACTIVE)
    )
    if head is None:
        return 0
    latest = {e.customer_id: e for e in sorted(entries, key=lambda e: e.at) if e.at >= head.created_at}
    definition = await sequence_of(session, company.id, sequence_id, head.definition_version)
    runs = await _runs(session, company.id, sequence_id, latest)
    rows = []
    for customer_id, timezone in await _living(session, company.id, latest):
        entry, history = latest[customer_id], runs[customer_id]
        repeated = any(run.started_at >= entry.at for run in history)
        verdict = may_enroll(definition, history, entry.at, company.zone_of(timezone))
        if isinstance(verdict, MayEnroll) and not repeated:
            rows.append(_enrollment(company, head, entry, verdict.attempt))
    return await _begin(session, company, definition, rows, now) if rows else 0


async def _runs(
    session: AsyncSession, workspace_id: UUID, sequence_id: UUID, customers: Collection[UUID]
) -> dict[UUID, list[Run]]:
    statement = select(Enrollment.customer_id, Enrollment.enrolled_at, Enrollment.ended_at).where(
        Enrollment.workspace_id == workspace_id,
        Enrollment.sequence_id == sequence_id,
        Enrollment.customer_id.in_(customers),
    )
    found = defaultdict(list)
    for customer_id, started_at, ended_at in await session.execute(statement):
        found[customer_id].append(Run(started_at, ended_at))
    return found


async def _living(
    session: AsyncSession, workspace_id: UUID, customers: Collection[UUID]
) -> Sequence[tuple[UUID, str | None]]:
    statement = select(Customer.id, Customer.timezone).where(
        Customer.workspace_id == workspace_id, Customer.id.in_(customers), Customer.deleted_at.is_(None)
    )
    return (await session.execute(statement.order_by(Customer.id))).all()


def _enrollment(company: Company, head: SequenceRow, entry: Entry, attempt: int) -> dict[str, Any]:
    return {
        "workspace_id": company.id,
        "sequence_id": head.id,
        "definition_version": head.definition_version,
        "customer_id": entry.customer_id,
        "attempt": attempt,
        "enrolled_at": entry.at,
        "correlation_id": current_correlation(),
    }


async def _begin(
    session: AsyncSession, company: Company, definition: Definition, rows: list[dict[str, Any]], now: datetime
) -> int:
    """Another process may have been faster: then the unique keys keep the second one out."""
    returning = (Enrollment.id, Enrollment.customer_id, Enrollment.sequence_id)
    statement = insert(Enrollment).values(rows).on_conflict_do_nothing().returning(*returning)
    begun = (await session.execute(statement)).all()
    if not begun:
        return 0
    actions = [
        {
            "workspace_id": company.id,
            "enrollment_id": enrollment_id,
            "customer_id": customer_id,
            "step_path": first_path(definition.steps, "", None),
            "due_at": now,
            "correlation_id": current_correlation(),
        }
        for enrollment_id, customer_id, _ in begun
    ]
    await session.execute(insert(DueAction).values(actions))
    events = [
        EnrollmentStarted(customer_id, enrollment_id, sequence_id) for enrollment_id, customer_id, sequence_id in begun
    ]
    await append(session, company.id, events, now=now)
    return len(begun)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event that may end runs of its customer. `segment_id` is set when the customer left one."""

    type: str
    customer_id: UUID
    at: datetime
    segment_id: UUID | None = None
    correlation_id: str | None = None


async def leave(session: AsyncSession, company: Company, events: Collection[Occurrence], now: datetime) -> int:
    """End every run that one of these events ends and that began before it; returns how many."""
    ended = 0
    for enrollment in await _running(session, company.id, {event.customer_id for event in events}):
        definition = await _definition_of(session, enrollment)
        reason = next((event for event in events if _ends(event, enrollment, definition)), None)
        if reason is not None:
            with correlated(reason.correlation_id):
                await end_run(session, company, enrollment, End(Ending.EXITED, reason.type), now)
            ended += 1
    return ended


def _ends(event: Occurrence, enrollment: Enrollment, definition: Definition) -> bool:
    if event.customer_id != enrollment.customer_id or event.type not in definition.ends_on:
        return False
    other_segment = event.segment_id is not None and event.segment_id != definition.trigger.segment_id
    return not other_segment and enrollment.enrolled_at < event.at


async def check_goals(session: AsyncSession, company: Company, customers: Collection[UUID], now: datetime) -> int:
    """End every run of these customers whose goal is reached; returns how many."""
    ended = 0
    for enrollment in await _running(session, company.id, customers):
        definition = await _definition_of(session, enrollment)
        if definition.goal is None:
            continue
        facts = await load_facts(session, company, definition, enrollment, now)
        answer = next_action(definition, enrollment.position, facts, now)
        if isinstance(answer, End) and answer.reason == GOAL:
            await end_run(session, company, enrollment, answer, now)
            ended += 1
    return ended


async def _running(session: AsyncSession, workspace_id: UUID, customers: Collection[UUID]) -> Sequence[Enrollment]:
    statement = select(Enrollment).where(
        Enrollment.workspace_id == workspace_id, Enrollment.customer_id.in_(customers), Enrollment.status == "active"
    )
    return (await session.scalars(statement.order_by(Enrollment.id))).all()


async def _definition_of(session: AsyncSession, enrollment: Enrollment) -> Definition:
    return await sequence_of(session, enrollment.workspace_id, enrollment.sequence_id, enrollment.definition_version)


async def end_run(
    session: AsyncSession, company: Company, enrollment: Enrollment, end: End, now: datetime, *, failed: bool = False
) -> None:
    """Close the run and drop what was still due. A run that is over already stays as it is."""
    mine = (DueAction.workspace_id == company.id, DueAction.enrollment_id == enrollment.id)
    dropped = (await session.scalars(delete(DueAction).where(*mine).returning(DueAction.step_path))).all()
    status = "failed" if failed else end.ending.value
    closed = await session.scalar(
        update(Enrollment)
        .where(Enrollment.workspace_id == company.id, Enrollment.id == enrollment.id, Enrollment.status == "active")
        .values(status=status, exit_reason=end.reason, ended_at=now)
        .returning(Enrollment.id)
    )
    if closed is None:
        return
    definition = await _definition_of(session, enrollment)
    for path in dropped:
        place = definition.places.get(path)
        if place and isinstance(place.step, Email | Task | Notify) and not failed:
            occasion = step_occasion(company, enrollment, place.step.id)
            reason = Reason.GOAL_REACHED if end.reason == GOAL else Reason.EXITED
            await decide(session, occasion, Outcome.SUPPRESSED, now=now, reason=reason, details={"by": end.reason})
    event = EnrollmentEnded(enrollment.customer_id, enrollment.id, enrollment.sequence_id, status, end.reason)
    await append(session, company.id, [event], now=now)


def step_occasion(company: Company, enrollment: Enrollment, step_id: str) -> Occasion:
    """The occurrence of one step in this run."""
    key = step_key(
        sequence_id=enrollment.sequence_id,
        version=enrollment.definition_version,
        customer_id=enrollment.customer_id,
        attempt=enrollment.attempt,
        step_id=step_id,
    )
    return Occasion(
        company=company,
        kind="sequence",
        key=key,
        occurs_on=local_day(enrollment.enrolled_at, company.zone),
        rule_id=enrollment.sequence_id,
        rule_version=enrollment.definition_version,
        customer_id=enrollment.customer_id,
        enrollment_id=enrollment.id,
        step_id=step_id,
        details={"step": step_id, "attempt": enrollment.attempt},
    )
