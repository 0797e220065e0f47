"""Birthdays and contracts that come to their end: who is to be reminded of what, on which local day.

The customers are found by sets, per time zone and day; each occurrence is then acted on once. Its key is unique, so a
run may be repeated, and a date edited to today still counts today.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, Integer, Select, Text, and_, column, exists, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.acting import Terms, act
from services.scheduler.desk import Desk
from services.scheduler.domain.contact_rules import Purpose
from services.scheduler.domain.contacts import SequenceLimits
from services.scheduler.domain.ledger import Outcome, Reason, reminder_key
from services.scheduler.mailing import CannotCompose
from services.scheduler.occasions import Occasion, decide
from services.scheduler.workspaces import Company
from shared.domain.automation.cadence import Occurrence, celebrated_on
from shared.domain.automation.catch_up import catch_up_window, settle
from shared.domain.automation.reminder_rule import ReminderKind, ReminderRule, parse_reminder_rule
from shared.domain.automation.windows import Window
from shared.domain.calendar import local_day
from shared.domain.durations import add
from shared.events.automation import ReminderDue
from shared.models import Contract, Customer, Reminder
from shared.models import ReminderRule as RuleRow
from shared.outbox.append import append

# A birthday begins at midnight, but nobody wants the greeting then.
GREETING_HOURS: Final = Window(((time(8), time(20)),))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looks at: everything since the last one, or today alone for one rule or some customers."""

    since: datetime | None = None
    rules: Collection[UUID] | None = None
    customers: Collection[UUID] | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule with its row's identity, and the local days to look at in each time zone (null: the workspace's)."""

    row: RuleRow
    rule: ReminderRule
    today: dict[str | None, date]
    days: dict[str | None, tuple[date, date]]


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose date it is: a customer's own, or that of one of its contracts."""

    customer_id: UUID
    contract_id: UUID | None
    timezone: str | None


async def remind(desk: Desk, company: Company, scope: Scope) -> int:
    """Act on every occurrence that is due and was not acted on; returns how many."""
    rules = await _rules(desk.session, company.id, scope)
    zones = await _zones(desk.session, company.id, scope) if rules else ()
    count = 0
    for row in rules:
        rule = _placed(row, company, zones, scope.since, desk.now)
        for subject, occurrences in (await _find(desk.session, company, rule, scope)).items():
            count += await _settle(desk, company, rule, subject, occurrences)
    return count


async def _rules(session: AsyncSession, workspace_id: UUID, scope: Scope) -> Sequence[RuleRow]:
    statement = select(RuleRow).where(
        RuleRow.workspace_id == workspace_id, RuleRow.active, RuleRow.deleted_at.is_(None)
    )
    if scope.rules is not None:
        statement = statement.where(RuleRow.id.in_(scope.rules))
    return (await session.scalars(statement.order_by(RuleRow.id))).all()


async def _zones(session: AsyncSession, workspace_id: UUID, scope: Scope) -> Sequence[str | None]:
    statement = select(Customer.timezone).where(Customer.workspace_id == workspace_id).distinct()
    if scope.customers is not None:
        statement = statement.where(Customer.id.in_(scope.customers))
    return (await session.scalars(statement)).all()


def _placed(
    row: RuleRow, company: Company, zones: Sequence[str | None], since: datetime | None, now: datetime
) -> _Rule:
    """The days since the last run in every zone, but none from before the rule was there."""
    today, days = {}, {}
    for name in zones:
        zone = company.zone_of(name)
        today[name] = local_day(now, zone)
        start, end = catch_up_window(local_day(since, zone) if since else None, today[name])
        days[name] = max(start, min(local_day(row.created_at, zone), end)), end
    return _Rule(row, parse_reminder_rule(row.definition), today, days)


async def _find(session: AsyncSession, company: Company, rule: _Rule, scope: Scope) -> dict[_Subject, list[Occurrence]]:
    wanted = list(_wanted(rule))
    if not wanted:
        return {}
    search = _birthdays if rule.rule.kind is ReminderKind.BIRTHDAY else _expiries
    statement = search(company.id, rule.row.id, wanted)
    if scope.customers is not None:
        statement = statement.where(Customer.id.in_(scope.customers))
    found = defaultdict(list)
    for customer_id, contract_id, timezone, on, target, offset in await session.execute(statement):
        found[_Subject(customer_id, contract_id, timezone)].append(Occurrence(on, target, offset))
    return found


def _wanted(rule: _Rule) -> Iterator[tuple[Any, ...]]:
    """For every zone and day: which date it is about, as a date and as a day of the year, and how long before."""
    for zone, (start, end) in rule.days.items():
        for number in range((end - start).days + 1):
            on = start + timedelta(days=number)
            for offset in rule.rule.cadence.offsets:
                target = add(on, offset.duration)
                for day in celebrated_on(target, rule.rule.cadence.leap_day):
                    yield zone or "", on, target, str(day)[2:], str(target.year), (target - on).days, str(offset)


_ROW: Final[tuple[Any, ...]] = (Text(), Date(), Date(), Text(), Text(), Integer(), Text())
_NAMES: Final = ("zone", "on", "target", "day", "year", "days", "gap")


def _table(wanted: list[tuple[Any, ...]]) -> Any:
    """The rows as a table of seven arrays: the statement has the same text for one row or a thousand."""
    given = [literal(list(values), ARRAY(kind)) for kind, values in zip(_ROW, zip(*wanted, strict=True), strict=True)]
    columns: list[Any] = [column(name, kind) for name, kind in zip(_NAMES, _ROW, strict=True)]
    return func.unnest(*given).table_valued(*columns, name="wanted").render_derived()


def _birthdays(workspace_id: UUID, rule_id: UUID, wanted: list[tuple[Any, ...]]) -> Select[Any]:
    table = _table(wanted)
    born_before = or_(Customer.birth_date.startswith("--"), func.left(Customer.birth_date, 4) < table.c.year)
    mine = and_(
        Customer.workspace_id == workspace_id,
        func.right(Customer.birth_date, 5) == table.c.day,
        func.coalesce(Customer.timezone, "") == table.c.zone,
        Customer.deleted_at.is_(None),
    )
    columns = (Customer.id, null(), Customer.timezone, table.c.on, table.c.target, table.c.gap)
    return select(*columns).join_from(table, Customer, mine).where(born_before, ~_reminded(rule_id, table))


def _expiries(workspace_id: UUID, rule_id: UUID, wanted: list[tuple[Any, ...]]) -> Select[Any]:
    """A contract that was renewed, cancelled or is a draft reminds of nothing."""
    table = _table(wanted)
    running = and_(
        Contract.workspace_id == workspace_id,
        Contract.ends_on == table.c.target,
        Contract.status == "active",
        Contract.renewed_by_id.is_(None),
    )
    mine = and_(
        Customer.workspace_id == Contract.workspace_id,
        Customer.id == Contract.customer_id,
        func.coalesce(Customer.timezone, "") == table.c.zone,
        Customer.deleted_at.is_(None),
    )
    columns = (Customer.id, Contract.id, Customer.timezone, table.c.on, table.c.target, table.c.gap)
    joined = select(*columns).join_from(table, Contract, running).join(Customer, mine).distinct()
    return joined.where(~_reminded(rule_id, table, Contract.id))


def _reminded(rule_id: UUID, table: Any, contract_id: Any = None) -> Any:
    """By whatever version of the rule: a rule that was changed does not remind again."""
    return exists(
        select(Reminder.id).where(
            Reminder.workspace_id == Customer.workspace_id,
            Reminder.customer_id == Customer.id,
            Reminder.occurs_on == table.c.on,
            Reminder.rule_id == rule_id,
            Reminder.days_before == table.c.days,
            Reminder.contract_id.is_not_distinct_from(null() if contract_id is None else contract_id),
        )
    )


async def _settle(desk: Desk, company: Company, rule: _Rule, subject: _Subject, occurrences: list[Occurrence]) -> int:
    """What is recent enough is acted on; what is not has its row in the ledger all the same."""
    settled = settle(occurrences, rule.today[subject.timezone], rule.rule.catch_up)
    for reason, passed in ((Reason.STALE, settled.missed), (Reason.DUPLICATE, settled.merged)):
        for occurrence in passed:
            occasion = _occasion(company, rule, subject, occurrence)
            await decide(desk.session, occasion, Outcome.MISSED, now=desk.now, reason=reason)
    acted = [await _fire(desk, company, rule, subject, occurrence) for occurrence in settled.due]
    return sum(acted)


async def _fire(desk: Desk, company: Company, rule: _Rule, subject: _Subject, occurrence: Occurrence) -> bool:
    """Every action of the rule, once. False: another process was faster."""
    occasion = _occasion(company, rule, subject, occurrence)
    row = {
        "workspace_id": company.id,
        "rule_id": rule.row.id,
        "rule_version": rule.row.version,
        "occurrence_key": occasion.key,
        "customer_id": subject.customer_id,
        "contract_id": subject.contract_id,
        "occurs_on": occurrence.on,
        "target_on": occurrence.target,
        "days_before": occurrence.days_before,
        "created_at": desk.now,
    }
    statement = insert(Reminder).values(row).on_conflict_do_nothing().returning(Reminder.id)
    reminder_id = await desk.session.scalar(statement)
    if reminder_id is None:
        return False
    terms = _terms(company, rule.rule, subject)
    for action in rule.rule.actions:
        part = occasion.part(action.id)
        try:
            await act(desk, part, action, terms)
        except CannotCompose as error:
            details = {"error": str(error)[:500]}
            reason = Reason.TEMPLATE_ERROR
            await decide(desk.session, part, Outcome.FAILED, now=desk.now, reason=reason, details=details)
    event = ReminderDue(subject.customer_id, reminder_id, rule.rule.kind.value)
    await append(desk.session, company.id, [event], now=desk.now)
    return True


def _terms(company: Company, rule: ReminderRule, subject: _Subject) -> Terms:
    """The end of a contract is a notice under it; a birthday is an occasion to be remembered by."""
    purpose = Purpose.SERVICE if rule.kind is ReminderKind.CONTRACT_EXPIRY else Purpose.MARKETING
    limits = SequenceLimits(window=GREETING_HOURS, zone=company.zone_of(subject.timezone))
    return Terms(purpose, limits, wait_in_queue=True)


def _occasion(company: Company, rule: _Rule, subject: _Subject, occurrence: Occurrence) -> Occasion:
    key = reminder_key(
        rule_id=rule.row.id,
        version=rule.row.version,
        subject_id=subject.contract_id or subject.customer_id,
        on=occurrence.on,
        offset=occurrence.offset,
    )
    details = {"target_on": occurrence.target.isoformat(), "days_before": occurrence.days_before}
    return Occasion(
        company, "reminder", key, occurrence.on, rule.row.id, rule.row.version, subject.customer_id, details=details
    )
