"""When a periodic job runs next (services.scheduler.domain.schedule)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.schedule import (
    QUARTER_STARTS,
    Daily,
    Hourly,
    Monthly,
    Schedule,
    Weekly,
    fires_between,
    next_fire,
)

PARIS = ZoneInfo("Europe/Paris")
ZONES = ["Europe/Paris", "Pacific/Auckland", "Pacific/Honolulu", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Beirut"]
TWO_THIRTY = Daily(time(2, 30))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def local(schedule: Schedule, start: str, end: str, zone: ZoneInfo = PARIS) -> list[str]:
    fires = fires_between(schedule, paris(start), paris(end), zone)
    return [fire.astimezone(zone).isoformat(timespec="minutes") for fire in fires]


def test_a_daily_job_runs_at_its_wall_clock_time_across_both_clock_changes() -> None:
    assert local(Daily(time(9)), "2026-03-28T00:00", "2026-03-30T12:00") == [
        "2026-03-28T09:00+01:00", "2026-03-29T09:00+02:00", "2026-03-30T09:00+02:00",
    ]  # fmt: skip
    assert local(Daily(time(9)), "2026-10-24T00:00", "2026-10-26T12:00") == [
        "2026-10-24T09:00+02:00", "2026-10-25T09:00+01:00", "2026-10-26T09:00+01:00",
    ]  # fmt: skip


def test_half_past_two_runs_once_when_it_happens_twice() -> None:
    assert local(TWO_THIRTY, "2026-10-24T12:00", "2026-10-26T12:00") == [
        "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00",
    ]  # fmt: skip


def test_half_past_two_runs_once_when_it_never_happens() -> None:
    assert local(TWO_THIRTY, "2026-03-28T12:00", "2026-03-30T12:00") == [
        "2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00",
    ]  # fmt: skip


def test_the_next_time_is_strictly_later_so_that_a_job_cannot_run_twice() -> None:
    fire = next_fire(TWO_THIRTY, paris("2026-11-24T02:29:59"), PARIS)
    assert fire == paris("2026-11-24T02:30")
    assert next_fire(TWO_THIRTY, fire, PARIS) == paris("2026-11-25T02:30")


@pytest.mark.parametrize(("name", "day"), [("mon", 23), ("wed", 25), ("sun", 29)])
def test_weekdays_are_named_and_monday_is_monday(name: str, day: int) -> None:
    fire = next_fire(Weekly(frozenset({name}), time(9)), paris("2026-11-22T12:00"), PARIS)
    assert fire == datetime(2026, 11, day, 8, tzinfo=UTC)
    assert f"{fire:%a}".lower() == name


def test_a_weekly_job_runs_through_week_53_into_week_1() -> None:
    mondays = [
        date.fromisoformat(text[:10])
        for text in local(Weekly(frozenset({"mon"}), time(7)), "2026-12-20T00:00", "2027-01-12T00:00")
    ]
    assert [day.isocalendar()[:2] for day in mondays] == [(2026, 52), (2026, 53), (2027, 1), (2027, 2)]


@pytest.mark.parametrize("days", [frozenset(), frozenset({"0"}), frozenset({"monday"})])
def test_a_weekday_without_a_proper_name_is_refused(days: frozenset[str]) -> None:
    with pytest.raises(ValueError, match="mon, tue"):
        Weekly(days, time(7))


def test_the_31st_is_the_end_of_every_month() -> None:
    assert [text[:10] for text in local(Monthly(31, time(6)), "2026-01-15T00:00", "2026-06-15T00:00")] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31",
    ]  # fmt: skip
    assert next_fire(Monthly(31, time(6)), paris("2028-02-01T00:00"), PARIS) == paris("2028-02-29T06:00")


def test_a_quarterly_job_is_a_monthly_one_of_four_months() -> None:
    quarterly = Monthly(1, time(6), QUARTER_STARTS)
    assert [text[:10] for text in local(quarterly, "2026-11-24T00:00", "2027-11-24T00:00")] == [
        "2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01",
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "months"), [(0, {1}), (32, {1}), (1, set()), (1, {13})])
def test_an_impossible_day_or_month_is_refused(day: int, months: set[int]) -> None:
    with pytest.raises(ValueError, match="monthly"):
        Monthly(day, time(6), frozenset(months))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)])
def test_an_hourly_job_runs_every_elapsed_hour_also_when_clocks_change(day: str, hours: int) -> None:
    start = paris(f"{day}T00:00").astimezone(UTC) - timedelta(seconds=1)
    end = (paris(f"{day}T00:00") + timedelta(days=1)).astimezone(UTC) - timedelta(seconds=1)
    fires = list(fires_between(Hourly(), start, end, PARIS))
    assert len(fires) == hours
    assert {after - before for before, after in pairwise(fires)} == {timedelta(hours=1)}


def test_the_minute_of_an_hourly_job_is_that_of_the_wall_clock() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    assert next_fire(Hourly(15), datetime(2026, 11, 24, 12, tzinfo=UTC), kolkata) == datetime(
        2026, 11, 24, 12, 45, tzinfo=UTC
    )


def test_a_clock_change_of_half_an_hour_does_not_confuse_an_hourly_job() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    start = datetime(2026, 10, 3, 12, tzinfo=UTC)
    fires = fires_between(Hourly(), start, start + timedelta(hours=6), lord_howe)
    assert [f"{fire.astimezone(lord_howe):%H:%M}" for fire in fires] == [
        "23:00", "00:00", "01:00", "03:00", "04:00", "05:00",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("at", [time(0), time(2, 30), time(23, 59)])
def test_over_a_year_a_daily_job_runs_exactly_once_on_every_date(name: str, at: time) -> None:
    zone = ZoneInfo(name)
    start = datetime(2026, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(seconds=1)
    end = datetime(2026, 12, 31, 23, 59, 59, tzinfo=zone).astimezone(UTC)
    dates = [fire.astimezone(zone).date() for fire in fires_between(Daily(at), start, end, zone)]
    assert dates == [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.one_of(
        st.builds(Hourly, st.integers(0, 59)),
        st.builds(Daily, st.times()),
        st.builds(Weekly, st.just(frozenset({"tue", "sun"})), st.times()),
        st.builds(Monthly, st.integers(1, 31), st.times()),
    ),
)
def test_the_next_time_lies_in_the_future_and_the_walk_misses_none(
    moment: datetime, name: str, schedule: Schedule
) -> None:
    zone = ZoneInfo(name)
    fire = next_fire(schedule, moment, zone)
    assert moment < fire <= moment + timedelta(days=32)
    assert next_fire(schedule, fire - timedelta(microseconds=1), zone) == fire
