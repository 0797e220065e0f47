"""What comes next in a sequence (services.scheduler.domain.progress)."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.progress import (
    Action,
    End,
    Ending,
    EnrollmentRefusal,
    Facts,
    MayEnroll,
    MayNotEnroll,
    Pause,
    Perform,
    Run,
    UnknownPosition,
    may_enroll,
    next_action,
)
from shared.domain.automation.sequence import Sequence
from tests.unit.automation.defining import (
    HAS_ORDERED,
    PARIS,
    branch,
    email,
    facts,
    paris,
    quote_follow_up,
    read,
    task,
    wait,
    with_steps,
)

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
FINISHED = End(Ending.COMPLETED, "finished")
WITHOUT_GOAL = quote_follow_up() | {"goal": None}


def path_of(action: Action) -> str | None:
    return None if isinstance(action, End) else action.path


def walk(sequence: Sequence, known: Facts, now: datetime = NOW) -> list[str]:
    """Every path on the way, as the engine would take it."""
    action, paths = next_action(sequence, None, known, now), []
    while not isinstance(action, End):
        paths.append(action.path)
        action = next_action(sequence, action.path, known, action.due_at)
    return paths


def test_a_run_begins_with_the_first_step_at_once() -> None:
    sequence = read(WITHOUT_GOAL)
    assert next_action(sequence, None, facts(), NOW) == Perform("hello", sequence.steps[0], NOW)  # type: ignore[arg-type]


def test_after_the_email_comes_the_pause_and_then_the_branch_decides() -> None:
    sequence = read(WITHOUT_GOAL)
    assert next_action(sequence, "hello", facts(), NOW) == Pause("pause", NOW + timedelta(days=3))
    assert walk(sequence, facts(holds=True)) == ["hello", "pause", "opened/then/call"]
    assert walk(sequence, facts(holds=False)) == ["hello", "pause", "opened/else/again"]


def test_a_branch_is_decided_by_the_facts_of_the_moment_it_is_reached() -> None:
    asked: list[object] = []
    sequence = read(WITHOUT_GOAL)

    def holds(rule: object) -> bool:
        asked.append(rule)
        return True

    next_action(sequence, "hello", Facts(holds, PARIS), NOW)
    assert asked == []  # Three days to go: whether the mail was opened is not asked yet.
    assert path_of(next_action(sequence, "pause", Facts(holds, PARIS), NOW)) == "opened/then/call"
    assert asked == [sequence.steps[2].condition]  # type: ignore[union-attr]


def test_after_the_last_step_of_a_branch_the_run_goes_on_behind_the_branch() -> None:
    sequence = read(with_steps(email("hello"), branch("b", [task("call")], []), task("after")))
    assert walk(sequence, facts(holds=True)) == ["hello", "b/then/call", "after"]
    assert walk(sequence, facts(holds=False)) == ["hello", "after"]


def test_branches_inside_branches_lead_out_of_both() -> None:
    inner = branch("inner", [], [task("deep")])
    sequence = read(with_steps(email("hello"), branch("outer", [inner], []), task("after")))
    assert next_action(sequence, "outer/then/inner/else/deep", facts(), NOW) == Perform(
        "after", sequence.steps[2], NOW  # type: ignore[arg-type]
    )  # fmt: skip
    assert walk(sequence, facts(holds=True)) == ["hello", "after"]


def test_a_restart_continues_at_the_same_place() -> None:
    before, after_restart = read(WITHOUT_GOAL), read(WITHOUT_GOAL)
    for position in ["hello", "pause", "opened/then/call", "opened/else/again"]:
        known = facts(holds=True)
        assert next_action(before, position, known, NOW) == next_action(after_restart, position, known, NOW)


def test_the_end_is_said_with_its_reason() -> None:
    assert next_action(read(WITHOUT_GOAL), "opened/then/call", facts(), NOW) == FINISHED
    stop = with_steps(email("hello"), {"id": "stop", "type": "exit", "reason": "sans suite"}, task("never"))
    assert next_action(read(stop), "hello", facts(), NOW) == End(Ending.EXITED, "sans suite")
    unnamed = with_steps(email("hello"), {"id": "stop", "type": "exit"})
    assert next_action(read(unnamed), "hello", facts(), NOW) == End(Ending.EXITED, "step:stop")


@pytest.mark.parametrize("event", ["message.replied", "transaction.recorded", "segment.left"])
@pytest.mark.parametrize("position", [None, "hello", "pause"])
def test_a_run_ends_when_an_event_of_exit_on_happened(event: str, position: str | None) -> None:
    assert next_action(read(WITHOUT_GOAL), position, facts(event), NOW) == End(Ending.EXITED, event)


def test_other_events_end_nothing() -> None:
    assert walk(read(WITHOUT_GOAL), facts("message.clicked", "task.changed"))[0] == "hello"


@pytest.mark.parametrize("event", ["customer.unsubscribed", "message.bounced", "message.complained"])
def test_a_bounce_a_complaint_or_an_opt_out_stops_a_sequence_that_writes(event: str) -> None:
    writing, calling = read(with_steps(email("hello"))), read(with_steps(task("call")))
    assert next_action(writing, None, facts(event), NOW) == End(Ending.EXITED, event)
    assert path_of(next_action(calling, None, facts(event), NOW)) == "call"


def test_a_deleted_customer_leaves_every_sequence() -> None:
    assert next_action(read(with_steps(task("call"))), None, facts("customer.deleted"), NOW) == End(
        Ending.EXITED, "customer.deleted"
    )


def test_a_reached_goal_completes_the_run() -> None:
    sequence = read(quote_follow_up())
    known = Facts(lambda rule: rule == sequence.goal, PARIS)
    assert next_action(sequence, "hello", known, NOW) == End(Ending.COMPLETED, "goal_reached")
    assert path_of(next_action(sequence, "hello", facts(), NOW)) == "pause"


def test_an_exit_is_named_before_a_goal() -> None:
    sequence = read(with_steps(email("hello"), goal=HAS_ORDERED, exit_on=["message.replied"]))
    assert next_action(sequence, None, facts("message.replied", holds=True), NOW) == End(
        Ending.EXITED, "message.replied"
    )


def test_a_position_of_another_version_is_refused_and_not_guessed() -> None:
    with pytest.raises(UnknownPosition, match="farewell"):
        next_action(read(WITHOUT_GOAL), "farewell", facts(), NOW)


@pytest.mark.parametrize(
    ("done_at", "duration", "due"),
    [
        ("2026-03-27T10:00", "P3D", "2026-03-30T10:00"),  # Clocks go forward in between.
        ("2026-10-23T10:00", "P3D", "2026-10-26T10:00"),  # Clocks go back in between.
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30"),
        ("2026-01-31T10:00", "P1M", "2026-02-28T10:00"),
        ("2026-12-30T10:00", "P1W", "2027-01-06T10:00"),
    ],
)
def test_waiting_days_keeps_the_time_on_the_wall_clock_of_the_customer(done_at: str, duration: str, due: str) -> None:
    sequence = read(with_steps(wait("pause", duration)))
    assert next_action(sequence, None, facts(), paris(done_at).astimezone(UTC)) == Pause("pause", paris(due))


def test_waiting_hours_is_elapsed_time() -> None:
    sequence = read(with_steps(wait("pause", "PT24H")))
    done_at = paris("2026-03-28T10:00").astimezone(UTC)
    assert next_action(sequence, None, facts(), done_at) == Pause("pause", paris("2026-03-29T11:00"))


def test_a_day_in_auckland_is_not_a_day_in_paris() -> None:
    sequence = read(with_steps(wait("pause", "P1D")))
    done_at = datetime(2026, 9, 26, 1, tzinfo=UTC)  # Saturday 13:00 in Auckland, whose clocks change that night.
    in_auckland = next_action(sequence, None, facts(zone=ZoneInfo("Pacific/Auckland")), done_at)
    assert in_auckland == Pause("pause", done_at + timedelta(hours=23))
    assert next_action(sequence, None, facts(), done_at) == Pause("pause", done_at + timedelta(days=1))


def run(start: str, end: str | None) -> Run:
    return Run(paris(start), paris(end) if end else None)


ENDED = run("2026-08-01T10:00", "2026-09-01T10:00")


@pytest.mark.parametrize(
    ("mode", "gap", "history", "expected"),
    [
        ("never", "P0D", [], MayEnroll(1)),
        ("never", "P0D", [ENDED], MayNotEnroll(EnrollmentRefusal.ALREADY_RAN)),
        ("after_exit", "P0D", [run("2026-11-01T10:00", None)], MayNotEnroll(EnrollmentRefusal.STILL_RUNNING)),
        ("always", "P0D", [run("2026-11-01T10:00", None)], MayNotEnroll(EnrollmentRefusal.STILL_RUNNING)),
        ("never", "P0D", [run("2026-11-01T10:00", None)], MayNotEnroll(EnrollmentRefusal.STILL_RUNNING)),
        ("after_exit", "P0D", [ENDED], MayEnroll(2)),
        ("after_exit", "P84D", [ENDED], MayEnroll(2)),
        ("after_exit", "P90D", [ENDED],
         MayNotEnroll(EnrollmentRefusal.TOO_SOON, datetime(2026, 11, 30, 9, tzinfo=UTC))),
        ("always", "P90D", [ENDED], MayEnroll(2)),
        ("always", "P4M", [ENDED, run("2026-06-01T10:00", "2026-07-01T10:00")],
         MayNotEnroll(EnrollmentRefusal.TOO_SOON, datetime(2026, 12, 1, 9, tzinfo=UTC))),
        ("after_exit", "P1M", [ENDED, run("2026-06-01T10:00", "2026-07-01T10:00")], MayEnroll(3)),
    ],
)  # fmt: skip
def test_the_reentry_rule_decides_who_may_run_again(
    mode: str, gap: str, history: Collection[Run], expected: MayEnroll | MayNotEnroll
) -> None:
    sequence = read(with_steps(email("hello"), reentry={"mode": mode, "min_gap": gap}))
    assert may_enroll(sequence, history, NOW, PARIS) == expected


def test_the_gap_is_over_at_the_very_instant_it_names() -> None:
    sequence = read(with_steps(email("hello"), reentry={"mode": "after_exit", "min_gap": "P84D"}))
    exactly = ENDED.ended_at + timedelta(days=84) if ENDED.ended_at else NOW
    assert may_enroll(sequence, [ENDED], exactly, PARIS) == MayEnroll(2)
    assert may_enroll(sequence, [ENDED], exactly - timedelta(seconds=1), PARIS) != MayEnroll(2)
