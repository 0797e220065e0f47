"""Define reminder rules."""

from typing import Any
from uuid import UUID

from services.api.definitions_given import check_references, read_definition
from services.api.door import Answer, created
from services.api.records import add, change, lock
from services.api.reminders.queries import LIVING, as_rule
from services.api.reminders.schemas import NewReminderRule, ReminderRuleChange
from services.api.work import Work
from shared.domain.automation.reminder_rule import parse_reminder_rule
from shared.errors import InvalidInput
from shared.events.automation import ReminderRuleDefined
from shared.models import ReminderRule
from shared.outbox.append import append

Document = dict[str, Any]


async def create_reminder_rule(work: Work, new: NewReminderRule) -> Answer:
    """Adds a rule; what is due today is looked for at once."""
    document = new.model_dump(exclude={"active"}, exclude_none=True)
    await _check(work, document)
    head = {"name": new.name, "kind": new.kind, "active": new.active}
    row = await add(work, ReminderRule, {**head, "definition": document})
    await _tell(work, row["id"])
    return created(as_rule(row), "/v1/reminder-rules")


async def change_reminder_rule(work: Work, rule_id: UUID, given: ReminderRuleChange, version: int | None) -> Document:
    """What was reminded of already is not reminded of again."""
    current = await lock(work, ReminderRule, rule_id, LIVING, version=version)
    sent = given.model_dump(include=given.model_fields_set)
    active = sent.pop("active", current["active"])
    if active is None:
        raise InvalidInput.at("#/active", "required", "This field cannot be emptied.")
    merged = {**current["definition"], **sent}
    document = {name: value for name, value in merged.items() if value is not None}
    if (document, active) == (current["definition"], current["active"]):
        return as_rule(current)
    await _check(work, document)
    values = {"name": document["name"], "active": active, "definition": document}
    row = await change(work, ReminderRule, rule_id, values)
    await _tell(work, rule_id)
    return as_rule(row)


async def delete_reminder_rule(work: Work, rule_id: UUID, version: int | None) -> None:
    """Its reminders stay."""
    await lock(work, ReminderRule, rule_id, LIVING, version=version)
    await change(work, ReminderRule, rule_id, {"deleted_at": work.now})
    await _tell(work, rule_id)


async def _check(work: Work, document: Document) -> None:
    """Raises InvalidInput for what the scheduler could not carry out."""
    read_definition(parse_reminder_rule, document)
    await check_references(work, document, "actions")


async def _tell(work: Work, rule_id: UUID) -> None:
    await append(work.session, work.workspace_id, [ReminderRuleDefined(rule_id)], now=work.now)
