"""Reading the JSON of a reminder rule (shared.domain.automation.reminder_rule)."""

from typing import Any
from uuid import UUID

import pytest

from shared.domain.automation.cadence import BIRTHDAY, CONTRACT_EXPIRY, Cadence, LeapDay, days_before
from shared.domain.automation.catch_up import CatchUp, Mode
from shared.domain.automation.documents import InvalidDefinition
from shared.domain.automation.reminder_rule import ReminderKind, ReminderRule, parse_reminder_rule
from shared.domain.automation.steps import Email, Notify, Task, Variant
from shared.domain.durations import Duration

TEMPLATE = str(UUID(int=5))
CALL = {"type": "task", "title": "Appeler {{ customer.name }}", "due": "P1D"}


def birthdays(**others: Any) -> dict[str, Any]:
    return {"name": "Anniversaires", "kind": "birthday", "actions": [CALL]} | others


def expiries(**others: Any) -> dict[str, Any]:
    return {"name": "Échéances", "kind": "contract_expiry", "actions": [CALL]} | others


def faults_in(document: object) -> list[tuple[str, str]]:
    try:
        parse_reminder_rule(document)
    except InvalidDefinition as error:
        return [(fault.pointer, fault.code) for fault in error.faults]
    return []


def test_a_birthday_rule_has_the_usual_cadence_and_catches_up_three_days() -> None:
    assert parse_reminder_rule(birthdays()) == ReminderRule(
        "Anniversaires",
        ReminderKind.BIRTHDAY,
        BIRTHDAY,
        (Task("task-0", "Appeler {{ customer.name }}", "owner", Duration(days=1)),),
        CatchUp(Mode.SEND_LATE, 3),
    )


def test_a_contract_is_announced_90_30_and_7_days_before_and_on_the_day_unless_said_otherwise() -> None:
    assert parse_reminder_rule(expiries()).cadence == Cadence(CONTRACT_EXPIRY)
    assert parse_reminder_rule(expiries(days_before=[0, 60, 14, 60])).cadence == Cadence(days_before(60, 14, 0))


def test_29_february_may_be_greeted_on_1_march() -> None:
    assert parse_reminder_rule(birthdays(leap_day="03-01")).cadence.leap_day is LeapDay.MARCH_1


def test_a_reminder_may_do_several_things() -> None:
    actions = [
        CALL,
        {"type": "notify", "message": "Anniversaire"},
        {"type": "email", "template_id": TEMPLATE},
    ]
    read = parse_reminder_rule(birthdays(actions=actions)).actions
    assert read[1:] == (Notify("notify-1", "owner", "Anniversaire"), Email("email-2", (Variant(UUID(TEMPLATE)),)))


def test_the_policy_of_catching_up_belongs_to_the_rule() -> None:
    rule = parse_reminder_rule(birthdays(catch_up={"mode": "merge", "grace_days": 0}))
    assert rule.catch_up == CatchUp(Mode.MERGE, 0)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], [("#", "bad_value")]),
        (birthdays(name=None), [("#/name", "required")]),
        (birthdays(kind=None), [("#/kind", "required")]),
        (birthdays(kind="full_moon"), [("#/kind", "unsupported_kind")]),
        (birthdays(kind="contact_cadence"), [("#/kind", "unsupported_kind")]),
        (birthdays(leap_day="03-02"), [("#/leap_day", "bad_value")]),
        (expiries(leap_day="03-01"), [("#/leap_day", "unknown_field")]),
        (expiries(days_before=30), [("#/days_before", "bad_value")]),
        (expiries(days_before=[30, -1, True, "7", 9999]),
         [(f"#/days_before/{index}", "bad_value") for index in (1, 2, 3, 4)]),
        (birthdays(actions=[]), [("#/actions", "required")]),
        (birthdays(actions=None), [("#/actions", "required")]),
        (birthdays(actions=[{"type": "wait", "for": "P1D"}]), [("#/actions/0/type", "unsupported_action")]),
        (birthdays(actions=[CALL, {"type": "task"}]), [("#/actions/1/title", "required")]),
        (birthdays(actions=[CALL | {"id": "x"}]), [("#/actions/0/id", "unknown_field")]),
        (birthdays(catch_up={"mode": "panic", "grace_days": 61}),
         [("#/catch_up/grace_days", "bad_value"), ("#/catch_up/mode", "bad_value")]),
        (birthdays(colour="red"), [("#/colour", "unknown_field")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_it_stands(document: object, expected: list[tuple[str, str]]) -> None:
    assert faults_in(document) == expected
