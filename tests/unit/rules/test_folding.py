"""Texts without case and accents (shared.domain.rules.folding)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.rules.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éléonore", "eleonore"),
        ("E\u0301le\u0301onore", "eleonore"),
        ("ÇA LÀ ÛÏŸ", "ca la uiy"),
        ("Cœur, ŒUVRE, Ægir", "coeur, oeuvre, aegir"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Łódź Øresund Đurić Þór", "lodz oresund duric thor"),
        ("İstanbul ısı", "istanbul isi"),
        ("L’Oréal – l‘été", "l'oreal - l'ete"),
        ("Ñandú Škoda Győr", "nandu skoda gyor"),
        ("ﬁn №5 ²", "fin no5 2"),
        ("10\u00a0000\u202f€", "10 000 €"),
    ],
)
def test_what_a_french_user_would_call_the_same_word(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_folding_twice_changes_nothing_and_case_does_not_matter(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.lower())
