"""/v1/reminder-rules and /v1/reminders"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor
from services.api.reminders import commands, queries
from services.api.reminders.schemas import (
    NewReminderRule,
    Reminder,
    ReminderListParameters,
    ReminderRule,
    ReminderRuleChange,
    ReminderRuleListParameters,
)
from services.api.routing import router
from services.api.schemas import Page

rules = router("reminder-rules", "automation")
routes = router("reminders", "automation")


@rules.get("", response_model=Page[ReminderRule])
async def list_reminder_rules(door: AnyDoor, wanted: Annotated[ReminderRuleListParameters, Query()]) -> Response:
    """Reminder rules, oldest first."""
    return await door.read(queries.rules_by, wanted)


@rules.post("", status_code=201, response_model=ReminderRule)
async def create_reminder_rule(door: ManagerDoor, new: NewReminderRule) -> Response:
    """Define a reminder rule."""
    return await door.write(commands.create_reminder_rule, new)


@rules.get("/{rule_id}", response_model=ReminderRule)
async def get_reminder_rule(door: AnyDoor, rule_id: UUID) -> Response:
    """One rule, with its ETag."""
    return await door.read(queries.rule_by_id, rule_id)


@rules.patch("/{rule_id}", response_model=ReminderRule)
async def update_reminder_rule(door: ManagerDoor, rule_id: UUID, change: ReminderRuleChange) -> Response:
    """Change the members that are sent."""
    return await door.write(commands.change_reminder_rule, rule_id, change, door.expected_version)


@rules.delete("/{rule_id}", status_code=204)
async def delete_reminder_rule(door: ManagerDoor, rule_id: UUID) -> Response:
    """Remove a rule."""
    return await door.write(commands.delete_reminder_rule, rule_id, door.expected_version)


@routes.get("", response_model=Page[Reminder])
async def list_reminders(door: AnyDoor, wanted: Annotated[ReminderListParameters, Query()]) -> Response:
    """What was reminded of, latest day first."""
    return await door.read(queries.reminders_by, wanted)
