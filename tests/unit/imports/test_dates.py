"""Calendar dates and birthdays. The files of these tests are read on 15 March 2026."""

from datetime import date, datetime

import pytest

from services.api.imports.domain.dates import birth_date, day, is_format
from services.api.imports.domain.rows import Cell, Unusable
from tests.unit.imports.files import context

MARCH_5 = date(2026, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05", "2026-3-5", "2026/03/05", "20260305", "05/03/2026", "5/3/2026", "05.03.2026", "05-03-2026",
        "05 03 2026", "5/3/26", "5 mars 2026", "jeudi 5 mars 2026", "Jeudi 05 Mars 2026", "5-mars-26", "5 March 2026",
        "46086", " 05/03/2026 ", "05/03/2026 14:30", "2026-03-05T23:30:00Z", "2026-03-05 23:30:00.123+01:00",
        MARCH_5, datetime(2026, 3, 5, 23, 59), 46086, 46086.75, 20260305.0,
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written_and_never_moved(cell: Cell) -> None:
    assert day(context())(cell) == MARCH_5


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1er août 2025", date(2025, 8, 1)),
        ("3 févr. 2026", date(2026, 2, 3)),
        ("31 déc. 99", date(1999, 12, 31)),
        ("29/02/2024", date(2024, 2, 29)),
        ("01/01/46", date(2046, 1, 1)),
        ("01/01/47", date(1947, 1, 1)),
    ],
)
def test_month_names_and_short_years(written: str, meant: date) -> None:
    assert day(context())(written) == meant


@pytest.mark.parametrize(
    "cell",
    [
        "hier", "2026", "13/2026", "31/02/2026", "29/02/2025", "00/03/2026", "10/20/2016", "05/03/0026", "05/03/1899",
        "2200-01-01", "5/3-2026", "5 martial 2026", "1234", "100000", "05/03/2026 demain", "٠٥/٠٣/٢٠٢٦", "5" * 1000,
        2026, 12.5, True,
    ],
)  # fmt: skip
def test_what_is_no_date_is_bad_date(cell: Cell) -> None:
    with pytest.raises(Unusable) as unusable:
        day(context())(cell)
    assert unusable.value.code == "bad_date"


@pytest.mark.parametrize(
    ("date_format", "written", "meant"),
    [
        ("M/D/YYYY", "3/11/2017", date(2017, 3, 11)),
        ("M/D/YYYY", "10/20/2016", date(2016, 10, 20)),
        ("YYYYMMDD", "19970101", date(1997, 1, 1)),
        ("JJ/MM/AA", "05/03/26", MARCH_5),
        ("AAAA.MM.JJ", "2026.03.05", MARCH_5),
    ],
)
def test_a_stated_format_is_the_only_one(date_format: str, written: str, meant: date) -> None:
    convert = day(context(date_format=date_format))

    assert convert(written) == meant
    with pytest.raises(Unusable):
        convert("2026-03-05")


def test_a_stated_format_does_not_hide_the_real_dates_of_a_workbook() -> None:
    convert = day(context(date_format="YYYYMMDD"))

    assert convert(MARCH_5) == MARCH_5
    assert convert(20260305.0) == MARCH_5
    assert convert(46086.0) == MARCH_5


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("DD/MM/YYYY", True), ("M/D/YYYY", True), ("YYYYMMDD", True), ("JJ/MM/AAAA", True), ("jj-mm-aa", True),
        ("YYYY", False), ("DD/MM", False), ("DD/DD/YYYY", False), ("DD/MM/YYYY HH:mm", False), ("%d/%m/%Y", False),
        ("", False),
    ],
)  # fmt: skip
def test_a_format_names_day_month_and_year_once(text: str, *, is_one: bool) -> None:
    assert is_format(text) is is_one


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("14/07/1985", "1985-07-14"),
        ("14/07/85", "1985-07-14"),
        ("14/07/27", "1927-07-14"),
        ("1985-07-14", "1985-07-14"),
        (date(1985, 7, 14), "1985-07-14"),
        ("--07-14", "--07-14"),
        ("14/07", "--07-14"),
        ("14 juillet", "--07-14"),
        ("29/02", "--02-29"),
        ("", None),
    ],
)
def test_a_birthday_may_be_known_without_its_year(cell: Cell, kept: str | None) -> None:
    assert birth_date(context())(cell) == kept


@pytest.mark.parametrize(
    ("cell", "why"),
    [("16/03/2026", "bad_date.future"), ("30/02", "bad_date"), ("--13-01", "bad_date"), ("--00-10", "bad_date")],
)
def test_a_birthday_that_cannot_be_is_refused(cell: Cell, why: str) -> None:
    with pytest.raises(Unusable) as unusable:
        birth_date(context())(cell)
    assert unusable.value.why == why
