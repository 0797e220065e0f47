"""What a run owes after downtime (shared.domain.automation.catch_up)."""

from datetime import date, timedelta

import pytest

from shared.domain.automation.cadence import EXPIRY, Occurrence, occurrences
from shared.domain.automation.catch_up import CatchUp, Mode, Settlement, catch_up_window, settle

TODAY = date(2026, 11, 24)


def missed_days(*days_ago: int) -> list[Occurrence]:
    return [Occurrence(TODAY - timedelta(days=days), TODAY, f"-P{days}D") for days in days_ago]


def ages(found: tuple[Occurrence, ...]) -> list[int]:
    return [(TODAY - item.on).days for item in found]


@pytest.mark.parametrize(
    ("last_finished", "start"),
    [
        ("2026-11-23", "2026-11-24"),
        ("2026-11-20", "2026-11-21"),
        (None, "2026-11-24"),
    ],
)
def test_a_run_looks_from_the_day_after_the_last_finished_run_to_today(last_finished: str | None, start: str) -> None:
    last = date.fromisoformat(last_finished) if last_finished else None
    assert catch_up_window(last, TODAY) == (date.fromisoformat(start), TODAY)


def test_today_is_looked_at_again_so_that_a_date_edited_after_the_morning_run_still_fires() -> None:
    assert catch_up_window(TODAY, TODAY) == (TODAY, TODAY)


def test_a_clock_set_back_does_not_turn_the_window_round() -> None:
    assert catch_up_window(TODAY + timedelta(days=40), TODAY) == (TODAY, TODAY)


def test_downtime_is_accounted_for_a_year_at_most() -> None:
    start, _ = catch_up_window(date(2010, 1, 1), TODAY)
    assert (TODAY - start).days == 366


def test_by_default_what_was_missed_within_three_days_is_sent_late_and_the_rest_is_missed() -> None:
    settlement = settle(missed_days(0, 3, 4, 30), TODAY, CatchUp())
    assert ages(settlement.due) == [3, 0]
    assert ages(settlement.missed) == [30, 4]
    assert settlement.merged == ()


def test_skip_acts_on_today_only() -> None:
    settlement = settle(missed_days(0, 1, 2), TODAY, CatchUp(Mode.SKIP))
    assert (ages(settlement.due), ages(settlement.missed)) == ([0], [2, 1])


def test_merge_sends_one_message_for_several_missed() -> None:
    settlement = settle(missed_days(0, 1, 3, 9), TODAY, CatchUp(Mode.MERGE))
    assert (ages(settlement.due), ages(settlement.merged), ages(settlement.missed)) == ([0], [3, 1], [9])


@pytest.mark.parametrize("mode", list(Mode))
def test_every_occurrence_is_settled_exactly_once(mode: Mode) -> None:
    found = missed_days(0, 1, 2, 3, 4, 5)
    settlement = settle(found, TODAY, CatchUp(mode, grace_days=2))
    assert sorted((*settlement.due, *settlement.merged, *settlement.missed)) == sorted(found)


def test_nothing_missed_is_nothing_to_settle() -> None:
    assert settle([], TODAY, CatchUp(Mode.MERGE)) == Settlement((), (), ())


def test_a_week_of_downtime_loses_no_contract_reminder_that_is_still_worth_sending() -> None:
    expiries = {"A": date(2026, 12, 22), "B": date(2026, 12, 19)}  # Day 30 was two days, and five days ago.
    window = catch_up_window(date(2026, 11, 17), TODAY)
    settled = {name: settle(occurrences(EXPIRY, day, *window), TODAY, CatchUp()) for name, day in expiries.items()}
    assert [item.offset for item in settled["A"].due] == ["-P30D"]
    assert [item.offset for item in settled["B"].missed] == ["-P30D"]
