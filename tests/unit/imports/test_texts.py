"""Text cells: what is trimmed, what is composed, what cannot be stored."""

from datetime import date, time, timedelta

import pytest

from services.api.imports.domain.rows import Cell, Unusable, shortened
from services.api.imports.domain.texts import Convert, labels, line, paragraphs


def refusal(convert: Convert, cell: Cell) -> str:
    with pytest.raises(Unusable) as unusable:
        convert(cell)
    return unusable.value.why


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Café  ", "Café"),
        ("Cafe\u0301", "Café"),
        ("Société\u00a0Générale", "Société Générale"),
        ("ACME\nSAS", "ACME SAS"),
        ("a\tb", "a b"),
        ("Deux  blancs", "Deux  blancs"),
        ('="00123"', "00123"),
        ("#1 de la région", "#1 de la région"),
        (732829320.0, "732829320"),
        (12.5, "12.5"),
        (True, "True"),
        (date(2026, 3, 5), "2026-03-05"),
        ("😀", "😀"),
        ("", None),
        (" \u00a0 ", None),
    ],
)
def test_a_line_is_trimmed_composed_and_on_one_line(cell: Cell, text: str | None) -> None:
    assert line(20)(cell) == text


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("x" * 21, "too_long"),
        ("a\0b", "bad_value.characters"),
        ("a\x07b", "bad_value.characters"),
        ("a\ud800b", "bad_value.characters"),
        ("#N/A", "bad_value.excel_error"),
        ("#REF!", "bad_value.excel_error"),
        ("#VALEUR!", "bad_value.excel_error"),
    ],
)
def test_a_line_that_cannot_be_kept_as_it_is_is_refused(cell: Cell, why: str) -> None:
    assert refusal(line(20), cell) == why


def test_paragraphs_keep_their_line_breaks() -> None:
    assert paragraphs()(" Un\r\ndeux\r trois\u00a0! ") == "Un\ndeux\n trois\u00a0!"
    assert refusal(paragraphs(), "a\0b") == "bad_value.characters"
    assert refusal(paragraphs(), "x" * 10_001) == "too_long"


def test_a_list_of_labels_is_cut_at_every_usual_separator_and_kept_in_order_without_repeats() -> None:
    assert labels("vip, grossiste;vip | Île-de-France\nfoire,,") == ("vip", "grossiste", "Île-de-France", "foire")
    assert labels(" , ;") is None


def test_a_list_has_at_most_fifty_labels_of_a_hundred_characters() -> None:
    assert refusal(labels, ",".join(str(n) for n in range(51))) == "bad_value.too_many_items"
    assert refusal(labels, "x" * 101) == "too_long"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("court", "court"),
        ("x" * 100, "x" * 79 + "…"),
        ("a\0b\udcff", "a\N{REPLACEMENT CHARACTER}b?"),
        (12.5, "12.5"),
        (time(10, 5), "10:05:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_a_value_is_shown_short_and_printable(cell: Cell, shown: str) -> None:
    assert shortened(cell) == shown
