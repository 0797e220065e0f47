"""Minor units and rounding (rule C2, shared.domain.money)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.money import convert, convert_to_minor, exact_sum, from_minor, minor_units, round_to_minor, to_minor


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("XOF", 0), ("XAF", 0), ("TND", 3), ("KWD", 3), ("BHD", 3)],
)
def test_each_currency_has_its_own_number_of_decimals(currency: str, decimals: int) -> None:
    assert minor_units(currency) == decimals


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("2.675", "EUR", "2.68"),
        ("0.004999999999999999999999999999999999", "EUR", "0.00"),
        ("-0.004", "EUR", "0.00"),
        ("0.5", "JPY", "1"),
        ("-1.5", "JPY", "-2"),
        ("1.0005", "TND", "1.001"),
        ("7", "EUR", "7.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert str(round_to_minor(Decimal(amount), currency)) == rounded


def test_a_product_longer_than_28_digits_is_rounded_once_from_its_exact_value() -> None:
    amount, rate = Decimal("12345678901234567890.12"), Decimal("1.000000000000000000001")
    assert convert(amount, rate, "EUR") == Decimal("12345678901234567890.13")
    assert convert(Decimal("0.01"), Decimal("0.4999999999999999999999999999999"), "EUR") == Decimal("0.00")


def test_a_sum_longer_than_28_digits_keeps_its_last_cent() -> None:
    huge = Decimal("1" + "0" * 30)
    assert exact_sum([huge, Decimal("0.01"), -huge]) == Decimal("0.01")
    assert exact_sum([]) == 0


def test_minor_units_are_whole_cents() -> None:
    assert to_minor(Decimal("-123.455"), "EUR") == -12346
    assert str(from_minor(-12346, "EUR")) == "-123.46"
    assert str(from_minor(0, "KWD")) == "0.000"
    assert str(from_minor(500, "JPY")) == "500"


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "TND"]))
def test_an_amount_of_whole_minor_units_survives_the_round_trip(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@given(st.decimals(-(10**9), 10**9, places=6), st.decimals(0, 1000, places=6), st.sampled_from(["EUR", "JPY", "TND"]))
def test_converting_to_minor_units_is_converting_then_counting_them(
    amount: Decimal, rate: Decimal, currency: str
) -> None:
    assert from_minor(convert_to_minor(amount, rate, currency), currency) == convert(amount, rate, currency)
