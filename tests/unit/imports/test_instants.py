"""Moments: what carries an offset is taken as it is, what people write is local, and machines must be precise."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.imports.domain.instants import instant
from services.api.imports.domain.rows import Cell, Unusable
from tests.unit.imports.files import context

AFTERNOON = datetime(2026, 3, 5, 13, 30, tzinfo=UTC)
"""14:30 in Paris, in winter."""


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05T14:30:00+01:00", "2026-03-05T13:30:00Z", "2026-03-05t13:30:00z", "2026-03-05T13:30Z",
        "2026-03-05T14:30:00.000000000+0100", "2026-03-05 14:30:00+01:00", "2026-03-05 13:30:00 UTC",
        "2026-03-05 14:30:00", "2026-03-05 14:30", "05/03/2026 14:30", "05/03/2026 14h30", "05/03/2026 à 14:30",
        "05/03/26, 14:30:00", "5 mars 2026 à 14h30", "05/03/2026 2:30 PM", datetime(2026, 3, 5, 14, 30),
        datetime(2026, 3, 5, 14, 29, 59, 999_997), 46086.604166666664, "46086,604166666664",
    ],
)  # fmt: skip
def test_a_moment_is_read_however_it_is_written(cell: Cell) -> None:
    assert instant(context())(cell) == AFTERNOON


@pytest.mark.parametrize("cell", ["05/03/2026", "2026-03-05", "5 mars 2026", "46086", date(2026, 3, 5), 46086])
def test_a_date_without_time_is_that_day_from_its_first_moment_in_the_workspace(cell: Cell) -> None:
    assert instant(context())(cell) == datetime(2026, 3, 4, 23, tzinfo=UTC)


def test_a_timezone_stated_for_the_file_moves_its_times_but_not_its_days() -> None:
    convert = instant(context(timezone="America/New_York"))

    assert convert("2026-03-05T14:30:00") == datetime(2026, 3, 5, 19, 30, tzinfo=UTC)
    assert convert("05/03/2026 14:30") == datetime(2026, 3, 5, 19, 30, tzinfo=UTC)
    assert convert("05/03/2026") == datetime(2026, 3, 4, 23, tzinfo=UTC)


def test_a_machine_that_does_not_say_where_is_refused_unless_the_mapping_does() -> None:
    with pytest.raises(Unusable) as unusable:
        instant(context())("2026-03-05T14:30:00")

    assert unusable.value.why == "bad_timestamp.no_offset"
    assert instant(context(timezone="Europe/Paris"))("2026-03-05T14:30:00") == AFTERNOON


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("29/03/2026 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("25/10/2026 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25/10/2026 03:30", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
    ],
    ids=["jumped over: one jump later", "happens twice: the first", "an ordinary hour after it"],
)
def test_local_times_on_the_days_the_clocks_change(written: str, meant: datetime) -> None:
    assert instant(context())(written) == meant


@pytest.mark.parametrize(
    "cell",
    [
        "hier", "14:30", "2026-02-30T10:00:00Z", "2026-03-05T25:00:00Z", "2026-03-05T10:00:60Z", "2026-13-05 10:00",
        "05/03/2026 24:30", "05/03/2026 14:60", "05/03/2026 13:00 PM", "2026-03-05T10:00:00+99:00",
        "1899-12-31T00:00:00Z", "2026-W10-4", "2026-064", "1772713800", "12:00 05/03/2026", "x" * 500, " " * 300 + "a",
        True, 12, 2026.5, datetime(9999, 12, 31, 23, 59, 59),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_bad_timestamp(cell: Cell) -> None:
    with pytest.raises(Unusable) as unusable:
        instant(context())(cell)
    assert unusable.value.code == "bad_timestamp"


OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2150, 1, 1), timezones=OFFSETS))
def test_any_moment_with_its_offset_survives(moment: datetime) -> None:
    assert instant(context())(moment.isoformat()) == moment.astimezone(UTC)


@given(st.text(max_size=30))
def test_no_text_makes_it_do_anything_but_read_or_refuse(text: str) -> None:
    value: object = None
    with suppress(Unusable):
        value = instant(context())(text)
    assert value is None or isinstance(value, datetime)
