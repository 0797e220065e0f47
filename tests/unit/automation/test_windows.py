"""Opening hours on the wall clock (shared.domain.automation.windows)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.automation.windows import Window, next_common_open

PARIS = ZoneInfo("Europe/Paris")
AUCKLAND = ZoneInfo("Pacific/Auckland")
WORKING_HOURS = Window(((time(9), time(18)),), frozenset({"mon", "tue", "wed", "thu", "fri"}))
NIGHT = Window.outside(time(21), time(8))  # Quiet hours that cross midnight.


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:00"),
        ("2026-11-20T09:00", "2026-11-20T09:00"),
        ("2026-11-20T08:59:59", "2026-11-20T09:00"),
        ("2026-11-19T18:00", "2026-11-20T09:00"),
        ("2026-11-20T18:00", "2026-11-23T09:00"),
        ("2026-11-22T12:00", "2026-11-23T09:00"),
        ("2026-12-31T19:00", "2027-01-01T09:00"),
    ],
)
def test_the_next_opening_is_now_or_the_start_of_the_next_open_range(moment: str, opens: str) -> None:
    assert WORKING_HOURS.next_open(paris(moment), PARIS) == paris(opens)


def test_a_holiday_is_passed_over() -> None:
    window = Window(WORKING_HOURS.ranges, WORKING_HOURS.days, frozenset({date(2027, 1, 1)}))
    assert window.next_open(paris("2026-12-31T19:00"), PARIS) == paris("2027-01-04T09:00")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-20T20:59", "2026-11-20T20:59"),
        ("2026-11-20T21:00", "2026-11-21T08:00"),
        ("2026-11-21T03:00", "2026-11-21T08:00"),
        ("2026-11-21T08:00", "2026-11-21T08:00"),
    ],
)
def test_quiet_hours_may_cross_midnight(moment: str, opens: str) -> None:
    assert NIGHT.next_open(paris(moment), PARIS) == paris(opens)


def test_quiet_hours_may_lie_inside_a_day() -> None:
    lunch = Window.outside(time(12), time(14))
    assert lunch.next_open(paris("2026-11-20T13:00"), PARIS) == paris("2026-11-20T14:00")
    assert lunch.is_open(paris("2026-11-20T02:00"), PARIS)


def test_quiet_hours_with_equal_ends_leave_nothing_quiet() -> None:
    assert Window.outside(time(8), time(8)).is_open(paris("2026-11-20T08:00"), PARIS)


def test_a_range_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    late = Window(((time(22), time(2)),), frozenset({"fri"}))
    assert late.is_open(paris("2026-11-21T01:59"), PARIS)  # Saturday, still Friday night.
    assert late.next_open(paris("2026-11-21T02:00"), PARIS) == paris("2026-11-27T22:00")


def test_a_window_that_never_opens_says_so() -> None:
    assert Window(WORKING_HOURS.ranges, frozenset()).next_open(paris("2026-11-20T10:00"), PARIS) is None


def test_an_opening_at_a_time_that_happens_twice_is_the_second_one() -> None:
    window = Window(((time(2, 30), time(6)),))
    opens = window.next_open(paris("2026-10-25T00:00"), PARIS)
    assert opens == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_opening_at_a_time_that_never_happens_is_one_jump_later() -> None:
    window = Window(((time(2, 30), time(6)),))
    opens = window.next_open(paris("2026-03-29T00:00"), PARIS)
    assert opens == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_range_inside_the_missing_hour_is_closed_that_day() -> None:
    window = Window(((time(2, 10), time(2, 50)),))
    assert window.next_open(paris("2026-03-29T00:00"), PARIS) == paris("2026-03-30T02:10")


def test_two_windows_in_two_zones_open_together() -> None:
    until = next_common_open([(WORKING_HOURS, PARIS), (WORKING_HOURS, AUCKLAND)], paris("2026-11-20T12:00"))
    assert until is None  # Working hours of Paris are night in Auckland.

    long_days = Window(((time(6), time(23)),))
    until = next_common_open([(WORKING_HOURS, PARIS), (long_days, AUCKLAND)], paris("2026-11-20T15:00"))
    assert until == paris("2026-11-23T09:00")


def test_without_windows_it_is_always_open() -> None:
    moment = paris("2026-11-20T03:00")
    assert next_common_open([], moment) == moment


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kolkata"]),
    st.times(),
    st.times(),
)
def test_an_opening_never_shows_a_forbidden_time_on_the_wall_clock(
    moment: datetime, name: str, start: time, end: time
) -> None:
    zone = ZoneInfo(name)
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    opens = Window(((start, end),)).next_open(moment, zone)

    assert opens is not None
    assert moment <= opens <= moment + timedelta(days=3)
    shown = opens.astimezone(zone).time()
    assert start <= shown < end if start < end else shown >= start or shown < end
