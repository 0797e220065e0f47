"""Do one thing for one customer: write to it, ask somebody for a task, tell somebody. The ledger gets the outcome."""

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.contacting import may_write
from services.scheduler.desk import Desk
from services.scheduler.domain.contact_rules import Purpose
from services.scheduler.domain.contacts import NO_LIMITS, Allowed, Moved, Refused, SequenceLimits
from services.scheduler.domain.ledger import Outcome, Reason
from services.scheduler.mailing import CannotCompose, find_template, queue_mail
from services.scheduler.occasions import Occasion, decide
from services.scheduler.people import Person, find_person, users_meant
from shared.domain.automation.steps import Email, Notify, Task, choose_variant
from shared.domain.durations import add
from shared.events.automation import TaskChanged
from shared.models import Notification
from shared.models import Task as TaskRow
from shared.outbox.append import append
from shared.rendering import TemplateFault, render_text

Step = Email | Task | Notify


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a mail may leave. `wait_in_queue`: one that is moved is written now and sent then."""

    purpose: Purpose = Purpose.MARKETING
    limits: SequenceLimits = NO_LIMITS
    wait_in_queue: bool = False


async def act(desk: Desk, occasion: Occasion, step: Step, terms: Terms) -> Moved | None:
    """Do it, once for the occasion. `Moved`: nothing was done, it is to be asked again then.

    Raises CannotCompose where the texts and the customer's data do not go together.
    """
    person = await _person(desk.session, occasion)
    if person is None:
        await decide(desk.session, occasion, Outcome.SUPPRESSED, now=desk.now, reason=Reason.EXITED)
        return None
    match step:
        case Email():
            return await _write(desk, occasion, person, step, terms)
        case Task():
            await _ask(desk, occasion, person, step)
        case Notify():
            await _tell(desk, occasion, person, step)
    return None


async def _person(session: AsyncSession, occasion: Occasion) -> Person | None:
    if occasion.customer_id is None:
        return None
    return await find_person(session, occasion.company.id, occasion.customer_id)


async def _write(desk: Desk, occasion: Occasion, person: Person, step: Email, terms: Terms) -> Moved | None:
    session, now = desk.session, desk.now
    customer_id = person.customer.id
    verdict = await may_write(session, occasion.company, customer_id, now, purpose=terms.purpose, limits=terms.limits)
    if isinstance(verdict, Refused):
        rule = {"rule": verdict.rule_id.value}
        await decide(session, occasion, Outcome.SUPPRESSED, now=now, reason=verdict.reason, details=rule)
        return None
    if isinstance(verdict, Moved) and not terms.wait_in_queue:
        return verdict
    variant = choose_variant(step, sequence_id=occasion.rule_id, customer_id=customer_id)
    template = await find_template(session, occasion.company.id, variant.template_id)
    not_before = verdict.until if isinstance(verdict, Moved) else now
    message_id = await queue_mail(desk, occasion, person, template, not_before=not_before)
    details = {"template_id": str(template.id), **moved_details(verdict)}
    await decide(session, occasion, Outcome.SENT, now=now, message_id=message_id, details=details)
    return None


def moved_details(verdict: Allowed | Moved) -> dict[str, object]:
    if isinstance(verdict, Allowed):
        return {}
    return {"moved": {"until": verdict.until.isoformat(), "reason": verdict.reason, "rule": verdict.rule_id}}


async def _ask(desk: Desk, occasion: Occasion, person: Person, step: Task) -> None:
    session, now, company = desk.session, desk.now, occasion.company
    assignee = (await users_meant(session, company.id, person, step.assignee))[0]
    row = {
        "workspace_id": company.id,
        "customer_id": person.customer.id,
        "title": rendered(step.title, person, occasion),
        "assignee_id": assignee,
        "due_on": add(now.astimezone(company.zone), step.due).date(),
        "origin": {"kind": occasion.kind, "rule_id": str(occasion.rule_id), "step_id": occasion.step_id},
        "occurrence_key": occasion.key,
        "created_at": now,
        "updated_at": now,
    }
    task_id = await session.scalar(insert(TaskRow).values(row).on_conflict_do_nothing().returning(TaskRow.id))
    if task_id is not None:
        await append(session, company.id, [TaskChanged(person.customer.id, task_id, "created", "open")], now=now)
    await decide(session, occasion, Outcome.TASK_CREATED, now=now, task_id=task_id)


async def _tell(desk: Desk, occasion: Occasion, person: Person, step: Notify) -> None:
    session, now = desk.session, desk.now
    users = await users_meant(session, occasion.company.id, person, step.to)
    title = rendered(step.message, person, occasion)
    rows = [
        {
            "workspace_id": occasion.company.id,
            "user_id": user_id,
            "customer_id": person.customer.id,
            "kind": occasion.kind,
            "title": title,
            "occurrence_key": f"{occasion.key}/{user_id or 'all'}",
            "created_at": now,
        }
        for user_id in users
    ]
    await session.execute(insert(Notification).values(rows).on_conflict_do_nothing())
    await decide(session, occasion, Outcome.SENT, now=now, details={"channel": "in_app", "users": len(users)})


def rendered(source: str, person: Person, occasion: Occasion) -> str:
    """A line with placeholders. Raises CannotCompose."""
    try:
        return render_text(source, person.values(occasion.company))
    except TemplateFault as error:
        raise CannotCompose(str(error)) from error
