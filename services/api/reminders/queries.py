"""Read reminder rules and reminders."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select

from services.api.pagination import Column, Sort, by_name, page
from services.api.records import find, listed, matching
from services.api.reminders.schemas import ReminderListParameters, ReminderRuleListParameters
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Reminder, ReminderRule

HEAD: Final = ("id", "name", "kind", "active", "version", "created_at", "updated_at")
MEMBERS: Final = ("days_before", "leap_day", "actions", "catch_up")
LIVING: Final = ReminderRule.deleted_at.is_(None)
REMINDER: Final[list[Column]] = [
    *(
        getattr(Reminder, name)
        for name in (
            "id", "rule_id", "rule_version", "customer_id", "contract_id", "occurs_on", "target_on", "days_before",
            "created_at",
        )
    ),
    ReminderRule.kind,
]  # fmt: skip


def as_rule(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in HEAD} | {name: row["definition"].get(name) for name in MEMBERS}


async def rule_by_id(work: Work, rule_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_rule(await find(work, ReminderRule, rule_id, LIVING))


async def rules_by(work: Work, wanted: ReminderRuleListParameters) -> dict[str, Any]:
    conditions = matching(ReminderRule, wanted, "kind", "active")
    sort = Sort(ReminderRule.created_at, ReminderRule.id)
    return await listed(work, ReminderRule, wanted, sort, as_rule, LIVING, *conditions)


async def reminders_by(work: Work, wanted: ReminderListParameters) -> dict[str, Any]:
    of_rule = and_(ReminderRule.workspace_id == Reminder.workspace_id, ReminderRule.id == Reminder.rule_id)
    statement = (
        select(*REMINDER)
        .join(ReminderRule, of_rule)
        .where(
            Reminder.workspace_id == work.workspace_id,
            visible_facts(work.principal, Reminder.customer_id),
            *matching(Reminder, wanted, "customer_id", "rule_id"),
            *matching(ReminderRule, wanted, "kind"),
        )
    )
    if wanted.occurs_from is not None:
        statement = statement.where(Reminder.occurs_on >= wanted.occurs_from)
    if wanted.occurs_to is not None:
        statement = statement.where(Reminder.occurs_on <= wanted.occurs_to)
    sort = Sort(Reminder.occurs_on, Reminder.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)
