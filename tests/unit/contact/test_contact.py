"""One form for what people write in many."""

import pytest

from shared.domain.contact import fold_name, french_e164, normalise_email


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("jean.dupont@exemple.fr", "jean.dupont@exemple.fr"),
        ("  Jean.Dupont@EXEMPLE.FR ", "Jean.Dupont@exemple.fr"),
        ("a+tri@sous.exemple.co.uk", "a+tri@sous.exemple.co.uk"),
        ("contact@société.fr", "contact@xn--socit-esab.fr"),
        ("x@1-2.museum", "x@1-2.museum"),
    ],
)
def test_an_address_keeps_its_local_part_and_gets_an_ascii_domain_in_lower_case(written: str, kept: str) -> None:
    assert normalise_email(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "", "@", "jean", "jean@", "@exemple.fr", "jean@exemple", "jean dupont@exemple.fr", "jean@exemple..fr",
        ".jean@exemple.fr", "jean.@exemple.fr", "je..an@exemple.fr", "jean@-exemple.fr", "jean@exemple-.fr",
        "jean@exemple.f", "jean@exemple.123", "jean@exemple.fr;paul@exemple.fr", "jean@exemple.fr, paul@exemple.fr",
        "Jean <jean@exemple.fr>", "jéan@exemple.fr", "jean@exem\nple.fr", "jean@exemple.fr\0", "jean@\udcffx.fr",
        "j" * 65 + "@exemple.fr", "jean@" + "a" * 64 + ".fr", "jean@" + "abc." * 62 + "fr",
    ],
)  # fmt: skip
def test_what_is_no_single_plausible_address_is_none(written: str) -> None:
    assert normalise_email(written) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Société  d'Élevage", "SOCIETE D ELEVAGE"),
        ("Œuvres & Cie.", "oeuvres cie"),
        ("L’Été-Indien", "l ete indien"),
        ("snake_case", "Snake Case"),
        ("STRASSE", "straße"),
    ],
)
def test_names_that_people_take_for_the_same_fold_to_the_same_text(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_folding_keeps_different_names_apart() -> None:
    assert fold_name("Dupont 1") != fold_name("Dupont 2")
    assert fold_name("Дом") != fold_name("Кот")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0612345678", "+33612345678"),
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("06-12-34-56-78", "+33612345678"),
        ("06\u00a012\u202f34 56 78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("01 23 45 67 89", "+33123456789"),
        ("0692 12 34 56", "+262692123456"),
        ("0639 12 34 56", "+262639123456"),
        ("06 39 98 01 23", "+33639980123"),  # Set aside for fiction, in metropolitan France.
        ("0596 12 34 56", "+596596123456"),
    ],
)
def test_a_french_number_is_read_however_it_is_spaced(written: str, number: str) -> None:
    assert french_e164(written) == number


@pytest.mark.parametrize(
    "written", ["", "12", "3631", "00", "0012345678", "061234567", "06123456789", "+32 2 123 45 67"]
)
def test_what_is_not_written_the_french_way_is_left_to_others(written: str) -> None:
    assert french_e164(written) is None
