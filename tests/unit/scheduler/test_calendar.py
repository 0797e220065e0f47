"""Wall clocks and instants (shared.domain.calendar)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.domain.calendar import closing, instant, local_day, opening, weekday_name, zone_named

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
HALF_PAST_TWO = time(2, 30)


def utc(day: int, hour: int, minute: int = 0, *, month: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_an_ordinary_time_has_one_reading() -> None:
    readings = {read(date(2026, 6, 1), time(9), PARIS) for read in (instant, opening, closing)}
    assert readings == {utc(1, 7, month=6)}


def test_half_past_two_that_happens_twice_fires_the_first_time() -> None:
    assert instant(AUTUMN, HALF_PAST_TWO, PARIS) == utc(25, 0, 30, month=10)


def test_half_past_two_that_never_happens_fires_one_jump_later() -> None:
    fired = instant(SPRING, HALF_PAST_TWO, PARIS)
    assert fired == utc(29, 1, 30, month=3)
    assert fired.astimezone(PARIS).time() == time(3, 30)


def test_what_opens_twice_opens_late_and_what_closes_twice_closes_early() -> None:
    assert opening(AUTUMN, HALF_PAST_TWO, PARIS) == utc(25, 1, 30, month=10)
    assert closing(AUTUMN, HALF_PAST_TWO, PARIS) == utc(25, 0, 30, month=10)


def test_what_opens_or_closes_at_a_time_that_never_happens_is_read_narrowly_too() -> None:
    assert opening(SPRING, HALF_PAST_TWO, PARIS) == utc(29, 1, 30, month=3)
    assert closing(SPRING, HALF_PAST_TWO, PARIS) == utc(29, 0, 30, month=3)


def test_the_day_is_that_of_the_place() -> None:
    moment = datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert local_day(moment, ZoneInfo("Pacific/Auckland")) == date(2027, 1, 1)
    assert local_day(moment, ZoneInfo("Pacific/Honolulu")) == date(2026, 12, 31)


def test_weekdays_have_names() -> None:
    assert [weekday_name(date(2026, 11, day)) for day in range(16, 23)] == [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "Paris", "Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "a" * 300, "a\0b"])
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        zone_named(name)


def test_a_zone_is_found_by_its_name() -> None:
    assert zone_named("Europe/Paris") == PARIS
