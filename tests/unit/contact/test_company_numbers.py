"""SIREN, SIRET and VAT numbers carry keys: a slip of the finger is found before it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren as reference_siren
from stdnum.fr import siret as reference_siret

from shared.domain.company_numbers import french_vat_key, normalise_siren, normalise_siret, normalise_vat_number


@pytest.mark.parametrize("written", ["732829320", "732 829 320", "732.829.320", "732\u00a0829\u00a0320"])
def test_a_siren_is_kept_as_nine_digits(written: str) -> None:
    assert normalise_siren(written) == "732829320"


@pytest.mark.parametrize("written", ["", "732829321", "73282932", "7328293200", "73282932O", "٧٣٢٨٢٩٣٢٠"])
def test_a_wrong_siren_is_none(written: str) -> None:
    assert normalise_siren(written) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("356 000 000 00048", "35600000000048"),
        ("356 000 000 49837", "35600000049837"),
    ],
    ids=["ordinary", "head office of La Poste", "a post office, whose digits sum to a multiple of five"],
)
def test_a_siret_is_kept_as_fourteen_digits(written: str, kept: str) -> None:
    assert normalise_siret(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "73282932000075", "732829320", "35600000049838", "73282932100074", "73282932000074 0"],
    ids=["blank", "wrong key", "a SIREN", "no multiple of five", "wrong SIREN inside", "too long"],
)
def test_a_wrong_siret_is_none(written: str) -> None:
    assert normalise_siret(written) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("FR 44 732 829 320", "FR44732829320"),
        ("fr44732829320", "FR44732829320"),
        ("FRK7399859412", "FRK7399859412"),
        ("BE 0411.905.847", "BE0411905847"),
        ("DE136695976", "DE136695976"),
        ("CHE-107.787.577 TVA", "CHE107787577TVA"),
    ],
)
def test_a_vat_number_is_kept_in_capitals_without_blanks(written: str, kept: str) -> None:
    assert normalise_vat_number(written) == kept


@pytest.mark.parametrize(
    "written", ["", "FR45732829320", "FR44732829321", "44732829320", "FR", "US123456789", "FRI4732829320"]
)
def test_a_wrong_vat_number_is_none(written: str) -> None:
    assert normalise_vat_number(written) is None


def test_the_french_key_follows_from_the_siren() -> None:
    assert french_vat_key("404833048") == "83"


@given(st.text("0123456789", min_size=9, max_size=9))
def test_sirens_agree_with_an_independent_implementation(digits: str) -> None:
    assert (normalise_siren(digits) is not None) == reference_siren.is_valid(digits)


@given(st.text("0123456789", min_size=5, max_size=5), st.sampled_from(["732829320", "356000000", "404833048"]))
def test_sirets_agree_with_an_independent_implementation(establishment: str, siren: str) -> None:
    number = siren + establishment
    if siren == "356000000" and number != "35600000000048":
        # The reference applies La Poste's rule alone; this product also takes a right Luhn key there.
        assert not reference_siret.is_valid(number) or normalise_siret(number) == number
    else:
        assert (normalise_siret(number) is not None) == reference_siret.is_valid(number)
