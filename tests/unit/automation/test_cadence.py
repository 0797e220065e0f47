"""On which dates a reminder falls (shared.domain.automation.cadence)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.automation.cadence import (
    BIRTHDAY,
    EXPIRY,
    Cadence,
    LeapDay,
    MonthDay,
    Occurrence,
    Offset,
    celebrated_on,
    days_before,
    occurrences,
)
from shared.domain.durations import InvalidDuration, parse_duration

LEAP_BABY = date(2000, 2, 29)
ON_1_MARCH = Cadence(yearly=True, leap_day=LeapDay.MARCH_1)
WHOLE_2027 = (date(2027, 1, 1), date(2027, 12, 31))


def days(found: tuple[Occurrence, ...]) -> list[str]:
    return [item.on.isoformat() for item in found]


def test_a_birthday_comes_once_a_year_on_its_own_date() -> None:
    assert days(occurrences(BIRTHDAY, date(1980, 5, 4), date(2026, 1, 1), date(2028, 12, 31))) == [
        "2026-05-04", "2027-05-04", "2028-05-04",
    ]  # fmt: skip


def test_both_ends_of_the_window_are_in_it() -> None:
    birthday = date(1980, 5, 4)
    assert days(occurrences(BIRTHDAY, birthday, date(2027, 5, 4), date(2027, 5, 4))) == ["2027-05-04"]
    assert occurrences(BIRTHDAY, birthday, date(2027, 5, 5), date(2028, 5, 3)) == ()


def test_the_birthday_of_a_month_and_day_without_a_year_comes_every_year() -> None:
    assert days(occurrences(BIRTHDAY, MonthDay.parse("--12-31"), *WHOLE_2027)) == ["2027-12-31"]


def test_the_day_of_birth_is_no_birthday_yet() -> None:
    assert days(occurrences(BIRTHDAY, date(2026, 5, 4), date(2025, 1, 1), date(2027, 12, 31))) == ["2027-05-04"]


@pytest.mark.parametrize(
    ("cadence", "year", "greeted"),
    [
        (BIRTHDAY, 2026, "2026-02-28"),
        (BIRTHDAY, 2028, "2028-02-29"),
        (BIRTHDAY, 2100, "2100-02-28"),
        (ON_1_MARCH, 2026, "2026-03-01"),
        (ON_1_MARCH, 2028, "2028-02-29"),
    ],
)
@pytest.mark.parametrize("born", [LEAP_BABY, MonthDay(2, 29)])
def test_29_february_is_greeted_on_28_february_in_common_years_or_on_1_march_by_option(
    born: date | MonthDay, cadence: Cadence, year: int, greeted: str
) -> None:
    assert days(occurrences(cadence, born, date(year, 1, 1), date(year, 12, 31))) == [greeted]


def test_a_contract_is_announced_90_30_and_7_days_before_it_expires_and_on_the_day() -> None:
    found = occurrences(EXPIRY, date(2027, 3, 31), date(2026, 1, 1), date(2028, 1, 1))
    assert [(item.on.isoformat(), item.days_before, item.offset) for item in found] == [
        ("2026-12-31", 90, "-P90D"),
        ("2027-03-01", 30, "-P30D"),
        ("2027-03-24", 7, "-P7D"),
        ("2027-03-31", 0, "P0D"),
    ]
    assert {item.target for item in found} == {date(2027, 3, 31)}


def test_a_contract_renewed_before_day_30_sends_no_reminder_for_day_30() -> None:
    day_30 = date(2027, 3, 1)
    assert days(occurrences(EXPIRY, date(2027, 3, 31), day_30, day_30)) == ["2027-03-01"]
    assert occurrences(EXPIRY, date(2028, 3, 31), day_30, day_30) == ()


def test_a_date_edited_to_today_is_found_today() -> None:
    today = date(2026, 11, 24)
    assert occurrences(BIRTHDAY, date(1980, 5, 4), today, today) == ()
    assert days(occurrences(BIRTHDAY, date(1980, 11, 24), today, today)) == ["2026-11-24"]


@pytest.mark.parametrize(
    ("text", "before", "on"),
    [
        ("P1M", True, "2027-02-28"),
        ("P1M", False, "2027-04-30"),
        ("P1Y2M3D", False, "2028-06-03"),
        ("P2W", True, "2027-03-17"),
        ("P0D", True, "2027-03-31"),
    ],
)
def test_any_date_is_reminded_of_a_duration_before_or_after_it_with_month_ends_clamped(
    text: str, before: bool, on: str
) -> None:
    cadence = Cadence((Offset(parse_duration(text), before=before),))
    assert days(occurrences(cadence, date(2027, 3, 31), date(2026, 1, 1), date(2029, 1, 1))) == [on]


def test_a_reminder_after_the_date_counts_negative_days() -> None:
    (found,) = occurrences(Cadence((Offset(parse_duration("P10D"), before=False),)), date(2027, 1, 1), *WHOLE_2027)
    assert (found.days_before, found.offset) == (-10, "+P10D")


def test_an_anniversary_may_be_announced_in_the_year_before() -> None:
    cadence = Cadence(days_before(7, 0), yearly=True)
    assert days(occurrences(cadence, date(2020, 1, 3), date(2026, 12, 1), date(2027, 1, 31))) == [
        "2026-12-27", "2027-01-03",
    ]  # fmt: skip


def test_a_long_notice_still_finds_the_anniversary_it_is_about() -> None:
    cadence = Cadence((Offset(parse_duration("P18M")),), yearly=True)
    assert days(occurrences(cadence, date(2020, 7, 1), *WHOLE_2027)) == ["2027-01-01"]


def test_a_date_that_comes_once_needs_its_year() -> None:
    with pytest.raises(ValueError, match="year"):
        occurrences(EXPIRY, MonthDay(3, 31), *WHOLE_2027)


def test_a_calendar_date_is_never_moved_by_hours() -> None:
    with pytest.raises(InvalidDuration):
        occurrences(Cadence((Offset(parse_duration("PT12H")),)), date(2027, 3, 31), *WHOLE_2027)


@pytest.mark.parametrize("text", ["--02-30", "--13-01", "02-28", "--2-28", "2000-02-28", "--02-28T", "", "--W01-1"])
def test_what_is_no_month_and_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        MonthDay.parse(text)


def test_a_month_and_day_is_written_as_it_was_read() -> None:
    assert str(MonthDay.parse("--02-29")) == "--02-29"


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.dates(date(1950, 1, 1), date(2010, 12, 31)),
    st.sampled_from(LeapDay),
)  # fmt: skip
def test_the_question_of_a_query_agrees_with_the_answer_for_one_customer(
    today: date, born: date, leap_day: LeapDay
) -> None:
    cadence = Cadence(yearly=True, leap_day=leap_day)
    found = occurrences(cadence, born, today, today)
    assert bool(found) is (MonthDay(born.month, born.day) in celebrated_on(today, leap_day))


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2010, 12, 31)), st.sampled_from(LeapDay), st.integers(2015, 2050))
def test_everybody_has_exactly_one_birthday_a_year(born: date, leap_day: LeapDay, year: int) -> None:
    cadence = Cadence(yearly=True, leap_day=leap_day)
    assert len(occurrences(cadence, born, date(year, 1, 1), date(year, 12, 31))) == 1
