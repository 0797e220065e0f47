"""One step of one enrollment: ask what comes next, do it, plan what follows. The door gives the transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.acting import Terms, act, moved_details
from services.scheduler.contacting import holidays_around, midnight_before
from services.scheduler.definitions import sequence_of
from services.scheduler.desk import Desk
from services.scheduler.domain.contacts import Moved, SequenceLimits
from services.scheduler.domain.ledger import Outcome, Reason
from services.scheduler.domain.progress import Action, End, Ending, Facts, Pause, Perform, next_action
from services.scheduler.facts import load_facts
from services.scheduler.mailing import CannotCompose
from services.scheduler.occasions import decide, is_decided
from services.scheduler.sequences import end_run, step_occasion
from services.scheduler.workspaces import Company
from shared.domain.automation.sequence import Sequence
from shared.domain.automation.steps import Email
from shared.models import DueAction, Enrollment, Message

TRY_AGAIN_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_ONE_AT_A_TIME: Final = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True)
class _Turn:
    """One run at the moment when its next step is due. Its action and its enrollment are locked."""

    desk: Desk
    company: Company
    action: DueAction
    enrollment: Enrollment
    sequence: Sequence


async def advance(desk: Desk, company: Company, action: DueAction) -> None:
    """Do the one step that is due. The caller holds the lock on `action`; a run that is over only loses its action."""
    turn = await _turn(desk, company, action)
    if turn is None:
        await desk.session.delete(action)
        return
    facts = await _facts(turn)
    answer: Action | Moved | None = next_action(turn.sequence, turn.enrollment.position, facts, desk.now)
    if isinstance(answer, Perform):
        answer = await _perform(turn, answer, facts)
    await _plan(turn, answer)


async def give_up_or_retry(desk: Desk, company: Company, action: DueAction, error: str) -> None:
    """After a step that failed: later again, and after the last try the run fails where everybody can see it."""
    turn = await _turn(desk, company, action)
    if turn is None:
        await desk.session.delete(action)
    elif action.attempts < len(TRY_AGAIN_AFTER):
        action.due_at = desk.now + TRY_AGAIN_AFTER[action.attempts]
        action.attempts += 1
        action.last_error = error[:2000]
    else:
        await _fail(turn, action.step_path, None, error)


async def _turn(desk: Desk, company: Company, action: DueAction) -> _Turn | None:
    """None if the run is over."""
    statement = select(Enrollment).where(
        Enrollment.workspace_id == action.workspace_id,
        Enrollment.id == action.enrollment_id,
        Enrollment.status == "active",
    )
    enrollment = await desk.session.scalar(statement.with_for_update())
    if enrollment is None:
        return None
    version = enrollment.definition_version
    sequence = await sequence_of(desk.session, company.id, enrollment.sequence_id, version)
    return _Turn(desk, company, action, enrollment, sequence)


async def _facts(turn: _Turn) -> Facts:
    return await load_facts(turn.desk.session, turn.company, turn.sequence, turn.enrollment, turn.desk.now)


async def _perform(turn: _Turn, todo: Perform, facts: Facts) -> Action | Moved | None:
    """Do the step, unless a loop brought us back to it, and say what follows. None: the run has failed."""
    occasion = step_occasion(turn.company, turn.enrollment, todo.step.id)
    moved_before = turn.enrollment.context.get("moved", {}).get(todo.path)
    if moved_before:
        occasion = replace(occasion, details={**occasion.details, "moved": moved_before})
    if not await is_decided(turn.desk.session, occasion):
        limits = await _limits(turn, facts) if isinstance(todo.step, Email) else SequenceLimits()
        try:
            moved = await act(turn.desk, occasion, todo.step, Terms(limits=limits))
        except CannotCompose as error:
            await _fail(turn, todo.path, Reason.TEMPLATE_ERROR, str(error))
            return None
        if moved:
            turn.enrollment.context = {"moved": {todo.path: moved_details(moved)["moved"]}}
            turn.action.step_path = todo.path
            return moved
    turn.enrollment.position = todo.path
    return next_action(turn.sequence, todo.path, await _facts(turn), turn.desk.now)


async def _plan(turn: _Turn, answer: Action | Moved | None) -> None:
    """One due action a run: it is moved along. A pause becomes the position, from which the run goes on."""
    match answer:
        case Moved(until=until):
            turn.action.due_at = until
        case Pause(path=path, due_at=due_at):
            turn.enrollment.position = path
            _next(turn.action, path, due_at)
        case Perform(path=path, due_at=due_at):
            _next(turn.action, path, due_at)
        case End():
            await turn.desk.session.delete(turn.action)
            await turn.desk.session.flush()
            await end_run(turn.desk.session, turn.company, turn.enrollment, answer, turn.desk.now)


def _next(action: DueAction, path: str, due_at: datetime) -> None:
    action.step_path = path
    action.due_at = due_at
    action.attempts = 0
    action.last_error = None


async def _limits(turn: _Turn, facts: Facts) -> SequenceLimits:
    """The send window on the wall clock it is meant for, and how much of today's quota is used."""
    window, company = turn.sequence.send_window, turn.company
    zone = window.zone(customer=facts.zone, workspace=company.zone) if window else company.zone
    holidays = holidays_around(window.holidays, turn.desk.now.year) if window and window.holidays else frozenset()
    return SequenceLimits(
        window=window.on(holidays) if window else None,
        zone=zone,
        daily_cap=turn.sequence.daily_cap,
        sent_today=await _sent_today(turn.desk.session, turn, zone) if turn.sequence.daily_cap else 0,
    )


async def _sent_today(session: AsyncSession, turn: _Turn, zone: tzinfo) -> int:
    """Counted one run at a time, so that two processes cannot both take the last place."""
    sequence_id = turn.enrollment.sequence_id
    await session.execute(_ONE_AT_A_TIME, {"name": f"quota {sequence_id}"})
    mine = (Enrollment.workspace_id == Message.workspace_id) & (Enrollment.id == Message.enrollment_id)
    statement = (
        select(func.count())
        .select_from(Message)
        .join(Enrollment, mine)
        .where(
            Message.workspace_id == turn.company.id,
            Message.queued_at >= midnight_before(turn.desk.now, zone),
            Enrollment.sequence_id == sequence_id,
        )
    )
    return int(await session.scalar(statement) or 0)


async def _fail(turn: _Turn, path: str, reason: Reason | None, error: str) -> None:
    session, now = turn.desk.session, turn.desk.now
    place = turn.sequence.places.get(path)
    if place is not None:
        occasion = step_occasion(turn.company, turn.enrollment, place.step.id)
        await decide(session, occasion, Outcome.FAILED, now=now, reason=reason, details={"error": error[:500]})
    await session.execute(
        delete(DueAction).where(DueAction.workspace_id == turn.company.id, DueAction.id == turn.action.id)
    )
    end = End(Ending.EXITED, reason.value if reason else "step_failed")
    await end_run(session, turn.company, turn.enrollment, end, now, failed=True)
