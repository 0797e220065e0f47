"""Reading the JSON of a sequence (shared.domain.automation.sequence)."""

from datetime import UTC, date, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared.domain.automation.sequence import Reentry, ReentryMode, SendWindow, Trigger, TriggerType
from shared.domain.automation.steps import Branch, Email, Exit, Notify, Task, Variant, Wait
from shared.domain.durations import Duration
from tests.unit.automation.defining import (
    AGAIN,
    HELLO_A,
    HELLO_B,
    SEGMENT,
    branch,
    email,
    faults_in,
    quote_follow_up,
    read,
    task,
    wait,
    with_steps,
)

USER = str(UUID(int=77))


def test_the_example_of_the_documentation_is_read_completely() -> None:
    sequence = read(quote_follow_up())

    assert sequence.name == "Relance devis"
    assert sequence.trigger == Trigger(TriggerType.SEGMENT_ENTERED, UUID(SEGMENT))
    assert sequence.reentry == Reentry(ReentryMode.AFTER_EXIT, Duration(days=90))
    assert sequence.exit_on == ("message.replied", "transaction.recorded", "segment.left", "customer.unsubscribed")
    assert sequence.goal is not None
    assert sequence.send_window == SendWindow(
        frozenset({"mon", "tue", "wed", "thu", "fri"}), time(9), time(18), "customer", "FR"
    )
    assert sequence.daily_cap == 500
    hello, pause, opened = sequence.steps
    assert hello == Email("hello", (Variant(UUID(HELLO_A), 50), Variant(UUID(HELLO_B), 50)))
    assert pause == Wait("pause", Duration(days=3))
    assert isinstance(opened, Branch)
    assert opened.then == (Task("call", "Appeler {{customer.name}}", "owner", Duration(days=1)),)
    assert opened.otherwise == (Email("again", (Variant(UUID(AGAIN)),)),)


def test_the_shortest_sequence_has_careful_defaults() -> None:
    sequence = read(with_steps(email("hello")))
    assert sequence.reentry == Reentry(ReentryMode.NEVER, Duration())
    assert (sequence.exit_on, sequence.goal, sequence.send_window, sequence.daily_cap) == ((), None, None, None)


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"type": "segment_left", "segment_id": SEGMENT}, Trigger(TriggerType.SEGMENT_LEFT, UUID(SEGMENT))),
        ({"type": "manual"}, Trigger(TriggerType.MANUAL)),
        ({"type": "event", "event": "message.clicked"}, Trigger(TriggerType.EVENT, event="message.clicked")),
    ],
)
def test_a_sequence_starts_by_a_segment_an_event_or_by_hand(trigger: dict[str, Any], expected: Trigger) -> None:
    assert read(with_steps(email("hello"), trigger=trigger)).trigger == expected


def test_a_notification_and_an_exit_are_steps_too() -> None:
    steps = read(
        with_steps(
            {"id": "tell", "type": "notify", "message": "Nouveau prospect"},
            {"id": "team", "type": "notify", "to": "team", "message": "Nouveau prospect"},
            {"id": "user", "type": "notify", "to": USER, "message": "Nouveau prospect"},
            {"id": "end", "type": "exit", "reason": "traité"},
        )
    ).steps
    assert steps == (
        Notify("tell", "owner", "Nouveau prospect"),
        Notify("team", "team", "Nouveau prospect"),
        Notify("user", USER, "Nouveau prospect"),
        Exit("end", "traité"),
    )


@pytest.mark.parametrize("kind", ["date", "score_crossed", "api", "webhook", ""])
def test_a_trigger_that_is_not_supported_is_refused_by_name(kind: str) -> None:
    code = "unsupported_trigger" if kind else "bad_value"
    assert faults_in(with_steps(email("hello"), trigger={"type": kind})) == [("#/trigger/type", code)]


@pytest.mark.parametrize("kind", ["sms", "webhook", "split", "wait_until", "update", "enroll", "call_task", "Email"])
def test_a_step_that_is_not_supported_is_refused_by_name(kind: str) -> None:
    document = with_steps(email("hello"), {"id": "x", "type": kind, "whatever": 1})
    assert faults_in(document) == [("#/steps/1/type", "unsupported_step")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": None}, [("#/name", "required")]),
        ({"name": "  "}, [("#/name", "bad_value")]),
        ({"name": "a\0b"}, [("#/name", "bad_value")]),
        ({"name": "x" * 201}, [("#/name", "too_long")]),
        ({"trigger": None}, [("#/trigger", "required")]),
        ({"trigger": []}, [("#/trigger", "bad_value")]),
        ({"trigger": {"type": "segment_entered"}}, [("#/trigger/segment_id", "required")]),
        ({"trigger": {"type": "segment_left", "segment_id": "7"}}, [("#/trigger/segment_id", "bad_value")]),
        ({"trigger": {"type": "event", "event": "moon.full"}}, [("#/trigger/event", "unknown_event")]),
        ({"trigger": {"type": "manual", "segment_id": SEGMENT}}, [("#/trigger/segment_id", "unknown_field")]),
        ({"steps": []}, [("#/steps", "required")]),
        ({"steps": None}, [("#/steps", "required")]),
        ({"steps": {}}, [("#/steps", "bad_value"), ("#/steps", "required")]),
        ({"steps": ["hello"]}, [("#/steps/0", "bad_value")]),
        ({"exit_on": ["segment.left", "moon.full", 3]},
         [("#/exit_on/1", "unknown_event"), ("#/exit_on/2", "unknown_event")]),
        ({"reentry": {"mode": "sometimes"}}, [("#/reentry/mode", "bad_value")]),
        ({"reentry": {"mode": "always", "min_gap": "90 days"}}, [("#/reentry/min_gap", "bad_duration")]),
        ({"daily_cap": 0}, [("#/daily_cap", "bad_value")]),
        ({"daily_cap": True}, [("#/daily_cap", "bad_value")]),
        ({"daily_cap": 1.5}, [("#/daily_cap", "bad_value")]),
        ({"goal": {"combinator": "and", "rules": [{"field": "moon", "operator": "=", "value": 1}]}},
         [("#/goal/rules/0/field", "unknown_field")]),
        ({"colour": "red", "a/b~c": 1}, [("#/colour", "unknown_field"), ("#/a~1b~0c", "unknown_field")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_it_stands(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert faults_in(with_steps(email("hello")) | change) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"id": "x"}, [("type", "required")]),
        ({"type": "exit"}, [("id", "required")]),
        ({"id": "a/b", "type": "exit"}, [("id", "bad_value")]),
        ({"id": "x" * 41, "type": "exit"}, [("id", "bad_value")]),
        ({"id": 7, "type": "exit"}, [("id", "bad_value")]),
        ({"id": "x", "type": "email"}, [("template_id", "required")]),
        ({"id": "x", "type": "email", "template_id": "a"}, [("template_id", "bad_value")]),
        ({"id": "x", "type": "email", "variants": []}, [("variants", "required")]),
        ({"id": "x", "type": "email", "template_id": HELLO_A, "variants": [{"template_id": HELLO_B}]},
         [("template_id", "bad_value")]),
        ({"id": "x", "type": "email", "variants": [{"template_id": HELLO_A, "weight": 0}, {"weight": 1}]},
         [("variants/0/weight", "bad_value"), ("variants/1/template_id", "required")]),
        ({"id": "x", "type": "email", "template_id": HELLO_A, "approval": True}, [("approval", "unknown_field")]),
        ({"id": "x", "type": "wait"}, [("for", "required")]),
        ({"id": "x", "type": "wait", "for": "3 days"}, [("for", "bad_duration")]),
        ({"id": "x", "type": "wait", "for": 3}, [("for", "bad_duration")]),
        ({"id": "x", "type": "task"}, [("title", "required")]),
        ({"id": "x", "type": "task", "title": "t", "assignee": "zoe"}, [("assignee", "bad_value")]),
        ({"id": "x", "type": "task", "title": "t", "assignee": "team"}, [("assignee", "bad_value")]),
        ({"id": "x", "type": "notify", "to": "chat", "message": "m"}, [("to", "bad_value")]),
        ({"id": "x", "type": "branch", "then": [{"id": "y", "type": "exit"}]}, [("if", "required")]),
        ({"id": "x", "type": "branch", "if": {"combinator": "and", "rules": []}}, [("then", "required")]),
    ],
)  # fmt: skip
def test_a_faulty_step_is_refused_where_it_stands(step: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    pointers = [(f"#/steps/0/{pointer}", code) for pointer, code in expected]
    assert faults_in(with_steps(step)) == pointers


@pytest.mark.parametrize("document", [None, [], "x", 3])
def test_what_is_no_object_is_no_sequence(document: object) -> None:
    assert faults_in(document) == [("#", "bad_value")]


def test_every_fault_is_named_at_once() -> None:
    document = with_steps(wait("a", "x"), email("a", "y"), name="", daily_cap=-1)
    assert faults_in(document) == [
        ("#/name", "bad_value"),
        ("#/steps/0/for", "bad_duration"),
        ("#/steps/1/id", "duplicate_id"),
        ("#/steps/1/template_id", "bad_value"),
        ("#/daily_cap", "bad_value"),
    ]


def test_step_ids_are_unique_over_all_branches() -> None:
    document = with_steps(email("hello"), branch("opened", [task("call")], [task("call")]))
    assert faults_in(document) == [("#/steps/1/else/0/id", "duplicate_id")]


def nested(depth: int) -> dict[str, Any]:
    return branch(f"b{depth}", [nested(depth - 1) if depth > 1 else task("leaf")], [])


def test_branches_may_be_nested_four_deep_and_no_deeper() -> None:
    assert faults_in(with_steps(email("hello"), nested(4))) == []
    assert faults_in(with_steps(email("hello"), nested(5))) == [
        ("#/steps/1" + "/then/0" * 4 + "/then", "too_deep"),
    ]


def test_a_sequence_has_at_most_a_hundred_steps_in_all() -> None:
    sixty = [wait(f"w{number}") for number in range(60)]
    fifty = [wait(f"v{number}") for number in range(50)]
    assert [code for _, code in faults_in(with_steps(email("hello"), branch("b", sixty, fifty)))] == ["too_many"]
    assert faults_in(with_steps(*(wait(f"w{number}") for number in range(101)))) == [("#/steps", "too_many")]


def test_a_branch_may_ask_about_an_earlier_email_only() -> None:
    assert faults_in(with_steps(branch("opened", [task("call")], []), email("hello"))) == [
        ("#/steps/0/if/rules/0/field", "unknown_field"),
    ]


def test_the_goal_may_ask_about_every_email() -> None:
    replied = {"combinator": "and", "rules": [{"field": "step.hello.replied", "operator": "=", "value": True}]}
    assert faults_in(with_steps(email("hello"), goal=replied)) == []


@pytest.mark.parametrize(
    ("event", "step", "looping"),
    [
        ("message.sent", email("x"), True),
        ("message.sent", task("x"), False),
        ("task.changed", task("x"), True),
        ("task.changed", email("x"), False),
        ("enrollment.ended", wait("x"), True),
        ("message.clicked", email("x"), False),  # A person's act, not the sequence's.
    ],
)
@pytest.mark.parametrize("mode", ["after_exit", "always"])
def test_a_sequence_that_would_start_itself_again_is_refused(
    event: str, step: dict[str, Any], looping: bool, mode: str
) -> None:
    trigger = {"type": "event", "event": event}
    document = with_steps(step, trigger=trigger, reentry={"mode": mode})
    assert faults_in(document) == ([("#/trigger", "visible_loop")] if looping else [])


def test_a_loop_hidden_in_a_branch_is_visible_too() -> None:
    document = with_steps(
        branch("b", [], [task("x")], {"combinator": "and", "rules": []}),
        trigger={"type": "event", "event": "task.changed"},
        reentry={"mode": "always"},
    )
    assert faults_in(document) == [("#/trigger", "visible_loop")]


def test_what_runs_once_cannot_loop() -> None:
    assert faults_in(with_steps(email("x"), trigger={"type": "event", "event": "message.sent"})) == []


def window(**fields: Any) -> dict[str, Any]:
    return with_steps(email("x"), send_window={"from": "09:00", "to": "18:00"} | fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"days": ["mon", "tue"]}, []),
        ({"days": []}, [("days", "required")]),
        ({"days": ["monday", 1]}, [("days/0", "bad_value"), ("days/1", "bad_value")]),
        ({"from": None}, [("from", "required")]),
        ({"from": "9:00"}, [("from", "bad_value")]),
        ({"from": "09:00:30"}, [("from", "bad_value")]),
        ({"from": "25:00"}, [("from", "bad_value")]),
        ({"from": 9}, [("from", "bad_value")]),
        ({"from": "09:00+02:00"}, [("from", "bad_value")]),
        ({"to": "24:00"}, []),
        ({"timezone": "workspace"}, []),
        ({"timezone": "Pacific/Auckland"}, []),
        ({"timezone": "Middle/Earth"}, [("timezone", "bad_timezone")]),
        ({"holidays": "FR-57"}, []),
        ({"holidays": "france"}, [("holidays", "bad_value")]),
        ({"until": "18:00"}, [("until", "unknown_field")]),
    ],
)
def test_a_send_window_is_read_strictly(fields: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert faults_in(window(**fields)) == [(f"#/send_window/{name}", code) for name, code in expected]


def test_a_send_window_knows_its_hours_its_holidays_and_its_zone() -> None:
    paris, auckland = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Auckland")
    new_year = frozenset({date(2027, 1, 1)})

    plain = read(window(to="24:00")).send_window
    assert plain is not None
    assert plain.on(new_year).holidays == frozenset()  # No calendar was named.
    assert plain.on(new_year).ranges == ((time(9), time(0)),)
    assert plain.zone(customer=auckland, workspace=paris) == auckland
    assert plain.zone(customer=None, workspace=paris) == paris

    french = read(window(holidays="FR", timezone="workspace")).send_window
    assert french is not None
    assert french.on(new_year).holidays == new_year
    assert french.zone(customer=auckland, workspace=paris) == paris

    elsewhere = read(window(timezone="UTC")).send_window
    assert elsewhere is not None
    assert elsewhere.zone(customer=auckland, workspace=paris).utcoffset(None) == UTC.utcoffset(None)
