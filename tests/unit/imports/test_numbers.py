"""Amounts: the same figure written in many ways, and never a figure that was not meant."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.imports.domain.numbers import amount, integer, positive_amount
from services.api.imports.domain.rows import Cell, Unusable
from tests.unit.imports.files import context

AMOUNTS = st.decimals(min_value=-(10**13), max_value=10**13, places=2, allow_nan=False, allow_infinity=False)


def read(cell: Cell, **members: str) -> object:
    return amount(context(**members))(cell)


def refused(cell: Cell, **members: str) -> str:
    with pytest.raises(Unusable) as unusable:
        amount(context(**members))(cell)
    return unusable.value.why


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", "12"), ("12.5", "12.5"), ("12,50", "12.50"), ("0,5", "0.5"), (",5", "0.5"), ("0.125", "0.125"),
        ("1 234,56 €", "1234.56"), ("1\u00a0234,56\u00a0€", "1234.56"), ("1\u202f234\u202f567,8", "1234567.8"),
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1.234.567", "1234567"), ("1,234,567", "1234567"),
        ("1'234.50", "1234.50"), ("1’234’567", "1234567"), ("1234,567", "1234.567"), ("1 234.567", "1234.567"),
        ("-12,00", "-12"), ("−12,00", "-12"), ("12,00-", "-12"), ("(12,00)", "-12"), ("(12,00 €)", "-12"),
        ("-1 234,56 €", "-1234.56"), ("+5", "5"), ("€ 12", "12"), ("EUR 12,5", "12.5"), ("12 EUR", "12"),
        ("12 euros", "12"), (" 7 ", "7"), ("12.3400000", "12.34"), ("-0,00", "0"), ("007", "7"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(written: str, value: str) -> None:
    assert read(written) == Decimal(value)


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0"])
def test_a_blank_is_no_amount_but_no_error_either(blank: str) -> None:
    assert read(blank) is None


@pytest.mark.parametrize("written", ["1.234", "1,234", "12.345", "999,999", "-1.234", "1.234 €"])
def test_a_mark_before_three_digits_is_not_guessed(written: str) -> None:
    assert refused(written) == "bad_amount.ambiguous"


@pytest.mark.parametrize(
    ("written", "mark", "value"),
    [("1.234", ",", "1234"), ("1.234", ".", "1.234"), ("1,234", ".", "1234"), ("1,234", ",", "1.234")],
)
def test_the_mapping_settles_what_such_a_mark_means(written: str, mark: str, value: str) -> None:
    assert read(written, decimal_mark=mark) == Decimal(value)


@pytest.mark.parametrize(
    "written",
    [
        "abc", "12x", "1 23", "1 2345", "12 34,5", "1.23.4", "1,2,3", "1.234.56", "1,234,56", "1.2,3.4", "--1", "-(1)",
        "(1", "1)", "1-2", "(-1)", "-", "€", ".", "12,", "nan", "NaN", "inf", "-Infinity", "1e5", "1E+05", "0x10",
        "12 € HT", "12 k€", "١٢", "１２", "12\n13", "1" * 61, "#N", "oui",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_bad_amount(written: str) -> None:
    assert refused(written).partition(".")[0] == "bad_amount"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("12,34567", "bad_amount.too_precise"),
        ("100000000000000", "bad_amount.too_large"),
        ("-100000000000000,00", "bad_amount.too_large"),
        ("12 $", "bad_amount.currency"),
        ("USD 12", "bad_amount.currency"),
    ],
)
def test_an_amount_that_cannot_be_kept_exactly_is_refused(written: str, why: str) -> None:
    assert refused(written) == why


def test_a_currency_in_the_cell_must_be_the_one_of_the_file() -> None:
    assert read("$12.50", currency="USD") == Decimal("12.50")
    assert refused("12 €", currency="USD") == "bad_amount.currency"


@pytest.mark.parametrize(
    ("cell", "value"),
    [(12, "12"), (12.0, "12"), (1234.56, "1234.56"), (0.1 + 0.2, "0.3"), (1.234, "1.234"), (-5.5, "-5.5")],
)
def test_a_number_of_a_workbook_is_taken_with_the_fifteen_digits_that_excel_keeps(cell: float, value: str) -> None:
    assert read(cell) == Decimal(value)


@pytest.mark.parametrize("cell", [True, float("nan"), float("inf"), 1.23456789, 1e15])
def test_other_cells_of_a_workbook_are_no_amounts(cell: Cell) -> None:
    assert refused(cell).partition(".")[0] == "bad_amount"


@given(AMOUNTS)
def test_any_amount_survives_the_french_way_of_writing(value: Decimal) -> None:
    assert read(f"{value:,}".replace(",", "\u202f").replace(".", ",") + " €") == value


@given(AMOUNTS)
def test_any_amount_survives_the_german_and_the_english_way_of_writing(value: Decimal) -> None:
    english = f"{value:,}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert read(english) == value
    assert read(german) == value


@given(AMOUNTS)
def test_any_amount_survives_the_machine_s_way_of_writing(value: Decimal) -> None:
    assert read(str(value)) == value


@given(st.text(max_size=30))
def test_no_text_makes_it_do_anything_but_read_or_refuse(text: str) -> None:
    value: object = None
    with suppress(Unusable):
        value = read(text)
    assert value is None or isinstance(value, Decimal)


def test_a_potential_cannot_be_negative() -> None:
    with pytest.raises(Unusable) as unusable:
        positive_amount(context())("-1")
    assert unusable.value.why == "bad_amount.negative"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("2 822", 2822), ("2\u202f822", 2822), (12.0, 12), ("12,0", 12), ("50 %", 50), ("", None)],
)
def test_a_count_is_a_whole_number(cell: Cell, value: int | None) -> None:
    assert integer(0, 5000)(cell) == value


@pytest.mark.parametrize("cell", ["12,5", "-1", "5001", "1 2", "douze", 12.5, "9" * 5000])
def test_what_is_no_count_in_its_bounds_is_refused(cell: Cell) -> None:
    with pytest.raises(Unusable) as unusable:
        integer(0, 5000)(cell)
    assert unusable.value.why == "bad_value.integer"
    assert "5000" in unusable.value.detail
