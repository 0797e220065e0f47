"""ISO 8601 durations and calendar-aware addition (shared.domain.durations)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.durations import Duration, InvalidDuration, add, parse_duration, subtract

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P3D", Duration(days=3)),
        ("P2W", Duration(days=14)),
        ("P1M", Duration(months=1)),
        ("PT1M", Duration(seconds=60)),
        ("P1Y2M10DT2H30M5S", Duration(months=14, days=10, seconds=9005)),
        ("P0D", Duration()),
        ("PT0S", Duration()),
        ("PT36H", Duration(seconds=129_600)),
    ],
)
def test_a_duration_keeps_months_days_and_seconds_apart(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


NOT_DURATIONS = [
    "", "P", "PT", "3D", "P3", "P3DT", "-P3D", "P-3D", "P1.5D", "PT0,5H", "p3d", "P3D ", " P3D", "P3D\n", "P1D1M",
    "P３D", "P1S", "PT1D", "P1000Y", "P999999999D", "PT9999999999999999999S", "P1DT1H1H",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_DURATIONS)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidDuration):
        parse_duration(text)


def test_a_negative_duration_cannot_be_built_either() -> None:
    with pytest.raises(InvalidDuration):
        Duration(days=-1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1200), st.integers(0, 36_600), st.integers(0, 10**9))
def test_the_canonical_text_reads_back_as_the_same_duration(months: int, days: int, seconds: int) -> None:
    duration = Duration(months, days, seconds)
    assert parse_duration(str(duration)) == duration


@pytest.mark.parametrize(
    ("day", "text", "expected"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2024, 1, 31), "P1M", date(2024, 2, 29)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2024, 2, 29), "P4Y", date(2028, 2, 29)),
        (date(2026, 12, 31), "P2M", date(2027, 2, 28)),
        (date(2026, 1, 31), "P1M1D", date(2026, 3, 1)),
        (date(2026, 12, 28), "P1W", date(2027, 1, 4)),
    ],
)
def test_months_are_clamped_before_days_are_added(day: date, text: str, expected: date) -> None:
    assert add(day, parse_duration(text)) == expected


def test_subtracting_months_clamps_too() -> None:
    assert subtract(date(2026, 3, 31), parse_duration("P1M")) == date(2026, 2, 28)
    assert subtract(date(2026, 1, 15), parse_duration("P13M")) == date(2024, 12, 15)


def test_a_calendar_date_takes_no_hours() -> None:
    with pytest.raises(InvalidDuration):
        add(date(2026, 1, 1), parse_duration("PT1H"))


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        add(datetime(2026, 1, 1, 9), parse_duration("P1D"))


def test_a_day_is_a_step_on_the_wall_clock_but_24_hours_are_elapsed_time() -> None:
    evening_before = datetime(2026, 3, 28, 9, 0, tzinfo=PARIS)  # Clocks go forward on the 29th.

    assert add(evening_before, parse_duration("P1D")).isoformat() == "2026-03-29T09:00:00+02:00"
    assert add(evening_before, parse_duration("PT24H")).isoformat() == "2026-03-29T10:00:00+02:00"


def test_a_local_time_the_clocks_jump_over_lands_one_jump_later() -> None:
    assert add(datetime(2026, 3, 28, 2, 30, tzinfo=PARIS), parse_duration("P1D")).isoformat() == (
        "2026-03-29T03:30:00+02:00"
    )


def test_a_local_time_that_happens_twice_is_the_first_of_the_two() -> None:
    assert add(datetime(2026, 10, 24, 2, 30, tzinfo=PARIS), parse_duration("P1D")).isoformat() == (
        "2026-10-25T02:30:00+02:00"
    )


def test_an_hour_passes_even_inside_the_repeated_hour() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    assert add(first, parse_duration("PT1H")).isoformat() == "2026-10-25T02:30:00+01:00"
    assert subtract(add(first, parse_duration("PT1H")), parse_duration("PT1H")).astimezone(UTC) == first.astimezone(UTC)
