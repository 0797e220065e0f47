"""Reminder rules and reminders as callers send and get them."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.schemas import Day, Flag, Instant, Name, PageParameters, Payload, View, Whole

Kind = Literal["birthday", "contract_expiry"]
Object = dict[str, Any]
DaysBefore = Annotated[
    list[Annotated[Whole, Field(ge=0, le=3660)]],
    Field(max_length=100, description="0 for a birthday, and 90, 30, 7, 0 for a contract, unless given"),
]
LeapDay = Annotated[Literal["02-28", "03-01"], Field(description="Where 29 February is greeted in common years")]
Actions = Annotated[
    list[Object],
    Field(
        max_length=100,
        description="`task`, `notify` or `email`, with the members they have in a sequence",
        examples=[[{"type": "task", "assignee": "owner", "title": "Appeler {{ customer.name }}"}]],
    ),
]
CatchUp = Annotated[Object, Field(examples=[{"mode": "send_late", "grace_days": 3}])]


class NewReminderRule(Payload):
    """What to remind of, how long before, and what happens then."""

    name: Name
    kind: Kind
    active: Flag = True
    days_before: DaysBefore | None = None
    leap_day: LeapDay | None = None
    actions: Actions
    catch_up: CatchUp | None = None


class ReminderRuleChange(Payload):
    """The members to change; null takes one away."""

    name: Name | None = None
    active: Flag | None = None
    days_before: DaysBefore | None = None
    leap_day: LeapDay | None = None
    actions: Actions | None = None
    catch_up: CatchUp | None = None


class ReminderRule(View):
    """A rule as saved; a member that is null has its default."""

    id: UUID
    name: str
    kind: Kind
    active: bool
    days_before: list[int] | None
    leap_day: LeapDay | None
    actions: list[Object]
    catch_up: Object | None
    version: int
    created_at: Instant
    updated_at: Instant


class ReminderRuleListParameters(PageParameters):
    """Filters of the list, oldest first."""

    kind: Kind | None = None
    active: bool | None = None


class Reminder(View):
    """One occurrence for one customer: `target_on` is the birthday or last day, `occurs_on` the day of reminding."""

    id: UUID
    rule_id: UUID
    rule_version: int
    kind: Kind
    customer_id: UUID
    contract_id: UUID | None
    occurs_on: date
    target_on: date
    days_before: int
    created_at: Instant


class ReminderListParameters(PageParameters):
    """Filters of the list, latest day first."""

    customer_id: UUID | None = None
    rule_id: UUID | None = None
    kind: Kind | None = None
    occurs_from: Day | None = None
    occurs_to: Day | None = None
