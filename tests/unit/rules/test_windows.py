"""Operators relative to today: whole local days, the first bound of D2 excluded."""

from datetime import UTC, date, datetime

import pytest

from tests.unit.rules.asking import comparison, is_member, parsed, says


@pytest.mark.parametrize(
    ("day", "in_last", "in_next", "older"),
    [
        (date(2026, 2, 28), False, False, True),
        (date(2026, 3, 1), False, False, True),
        (date(2026, 3, 2), True, False, False),
        (date(2026, 3, 31), True, True, False),
        (date(2026, 4, 1), False, True, False),
        (date(2026, 4, 29), False, True, False),
        (date(2026, 4, 30), False, False, False),
    ],
)
def test_thirty_days_end_today_or_begin_today(day: date, in_last: bool, in_next: bool, older: bool) -> None:
    record = {"scores.last_purchase": day}
    assert says(record, "scores.last_purchase", "inLast", "P30D") is in_last
    assert says(record, "scores.last_purchase", "notInLast", "P30D") is not in_last
    assert says(record, "scores.last_purchase", "inNext", "P30D") is in_next
    assert says(record, "scores.last_purchase", "olderThan", "P30D") is older


@pytest.mark.parametrize(("day", "answer"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_a_month_before_the_31st_of_march_is_the_last_day_of_february(day: date, answer: bool) -> None:
    assert says({"birth_date": day}, "birth_date", "inLast", "P1M") is answer


def test_a_year_before_29_february_is_28_february() -> None:
    rule = parsed(comparison("birth_date", "inLast", "P1Y"))
    leap_day = date(2024, 2, 29)
    assert not is_member(rule, {"birth_date": date(2023, 2, 28)}, leap_day)
    assert is_member(rule, {"birth_date": date(2023, 3, 1)}, leap_day)


def test_an_instant_belongs_to_its_local_day() -> None:
    # 23:30 UTC on 30 March is 01:30 on the 31st in Paris.
    assert says({"created_at": datetime(2026, 3, 30, 23, 30, tzinfo=UTC)}, "created_at", "inLast", "P1D")
    assert not says({"created_at": datetime(2026, 3, 30, 21, 30, tzinfo=UTC)}, "created_at", "inLast", "P1D")
    # Later today is today.
    assert says({"created_at": datetime(2026, 3, 31, 20, 0, tzinfo=UTC)}, "created_at", "inLast", "P1D")


@pytest.mark.parametrize(
    ("hour", "in_last", "in_next", "older"),
    [(8, False, False, True), (9, True, False, False), (10, True, True, False), (11, False, True, False)],
)
def test_hours_count_from_the_present_instant(hour: int, in_last: bool, in_next: bool, older: bool) -> None:
    record = {"created_at": datetime(2026, 3, 31, hour, tzinfo=UTC)}
    assert says(record, "created_at", "inLast", "PT2H") is in_last
    assert says(record, "created_at", "inNext", "PT2H") is in_next
    assert says(record, "created_at", "olderThan", "PT2H") is older


@pytest.mark.parametrize(
    ("birth", "answer"),
    [
        (date(1980, 3, 31), True),
        (date(1980, 4, 6), True),
        (date(1980, 4, 7), False),
        (date(1980, 3, 30), False),
        ("--04-01", True),
        ("--03-30", False),
        (None, False),
    ],
)
def test_birthdays_of_the_next_seven_days_begin_with_today(birth: object, answer: bool) -> None:
    assert says({"birth_date": birth}, "birth_date", "anniversaryInNext", "P7D") is answer


def test_birthdays_are_found_across_new_year() -> None:
    rule = parsed(comparison("birth_date", "anniversaryInNext", "P7D"))
    assert is_member(rule, {"birth_date": date(1990, 1, 2)}, date(2025, 12, 28))
    assert not is_member(rule, {"birth_date": date(1990, 1, 4)}, date(2025, 12, 28))


@pytest.mark.parametrize("birth", [date(2000, 2, 29), "--02-29"])
def test_29_february_is_celebrated_on_the_28th_in_common_years(birth: object) -> None:
    rule = parsed(comparison("birth_date", "anniversaryInNext", "P1D"))
    assert is_member(rule, {"birth_date": birth}, date(2026, 2, 28))
    assert not is_member(rule, {"birth_date": birth}, date(2026, 3, 1))
    assert not is_member(rule, {"birth_date": birth}, date(2028, 2, 28))
    assert is_member(rule, {"birth_date": birth}, date(2028, 2, 29))


def test_the_day_itself_is_no_anniversary_of_itself() -> None:
    rule = parsed(comparison("created_at", "anniversaryInNext", "P1D"))
    assert not is_member(rule, {"created_at": datetime(2026, 3, 31, 8, tzinfo=UTC)})
    assert is_member(rule, {"created_at": datetime(2025, 3, 31, 8, tzinfo=UTC)})


def test_everybody_with_a_birthday_has_it_within_a_year() -> None:
    rule = parsed(comparison("birth_date", "anniversaryInNext", "P1Y"))
    assert is_member(rule, {"birth_date": date(1990, 3, 30)})
    assert is_member(rule, {"birth_date": "--02-29"})
    assert not is_member(rule, {"birth_date": None})


def test_a_birthday_without_its_year_compares_with_no_date() -> None:
    record = {"birth_date": "--04-01"}
    assert not says(record, "birth_date", "<", "2026-01-01")
    assert not says(record, "birth_date", "inLast", "P10Y")
    assert says(record, "birth_date", "notInLast", "P10Y")
    assert says(record, "birth_date", "notNull")
