"""The catalogue of texts (shared.texts)."""

import re
import string

import pytest

from shared.texts import LANGUAGES, UnknownText, closest_language, counted, text
from shared.texts.catalogue import texts_of


def placeholders(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def test_every_language_has_the_same_keys() -> None:
    keys = {language: set(texts_of(language)) for language in LANGUAGES}
    assert keys["en"] == keys["fr"]


def test_a_text_has_the_same_placeholders_in_every_language() -> None:
    french, english = texts_of("fr"), texts_of("en")
    assert [key for key in french if placeholders(french[key]) != placeholders(english[key])] == []


def test_no_text_is_empty_or_padded() -> None:
    patterns = [(key, pattern) for language in LANGUAGES for key, pattern in texts_of(language).items()]
    assert [key for key, pattern in patterns if not pattern.strip() or pattern.strip() != pattern] == []


def test_titles_and_field_errors_need_no_values() -> None:
    needy = [
        key
        for key, pattern in texts_of("fr").items()
        if key.startswith(("problem.", "field.", "reason.", "outcome.", "contact_rule.", "status."))
        and placeholders(pattern)
    ]
    assert needy == []


def test_french_is_the_default_and_the_answer_for_languages_we_do_not_speak() -> None:
    assert text("mail.footer.unsubscribe") == "Se désinscrire"
    assert text("mail.footer.unsubscribe", "de") == "Se désinscrire"
    assert text("mail.footer.unsubscribe", "en-GB") == "Unsubscribe"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("en_US", "en"), ("EN", "en"), ("de-CH", "fr"), ("", "fr"), (None, "fr")],
)
def test_a_language_tag_finds_the_closest_language(tag: str | None, language: str) -> None:
    assert closest_language(tag) == language


def test_a_value_is_printed_and_never_interpreted() -> None:
    assert text("task.call", customer="{0.__class__} & {rule}") == "Appeler {0.__class__} & {rule}"


def test_an_unknown_key_is_a_bug_and_says_which() -> None:
    with pytest.raises(UnknownText, match=r"problem\.nonsense"):
        text("problem.nonsense")


def test_a_missing_value_is_a_bug_and_says_which() -> None:
    with pytest.raises(UnknownText, match="customer"):
        text("task.call")


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("fr", 0, "Anniversaire de Zoé aujourd’hui"),
        ("fr", 1, "Anniversaire de Zoé dans 1 jour"),
        ("fr", 7, "Anniversaire de Zoé dans 7 jours"),
        ("en", 0, "Birthday of Zoé today"),
        ("en", 1, "Birthday of Zoé in 1 day"),
        ("en", 7, "Birthday of Zoé in 7 days"),
    ],
)
def test_a_counted_text_follows_the_grammar_of_its_language(language: str, days: int, expected: str) -> None:
    assert counted("reminder.birthday", days, language, customer="Zoé") == expected


def test_every_counted_text_has_a_form_for_one_and_for_many() -> None:
    keys = set(texts_of("fr"))
    counted_keys = {key.rsplit(".", 1)[0] for key in keys if key.endswith((".one", ".other"))}
    assert counted_keys
    assert {f"{key}.{form}" for key in counted_keys for form in ("one", "other")} <= keys


def test_french_typography_is_respected() -> None:
    """Curly apostrophes, and a hard space before what French sets apart."""
    wrong = re.compile(r"['\"]|(?<!\u00a0)[:;?!»](?=\s|$)|«(?!\u00a0)")
    assert [key for key, pattern in texts_of("fr").items() if wrong.search(pattern)] == []
