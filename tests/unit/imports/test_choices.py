"""Fixed vocabularies, in French and English."""

import pytest

from services.api.imports.domain import choices
from services.api.imports.domain.choices import Words, choice, currency, language
from services.api.imports.domain.countries import CODES, country
from services.api.imports.domain.rows import Unusable
from shared.domain.contact import fold_name

VOCABULARIES = [
    choices.CUSTOMER_KINDS, choices.LIFECYCLES, choices.CHANNELS, choices.SEXES, choices.TRANSACTION_KINDS,
    choices.INTERACTION_KINDS, choices.DIRECTIONS, choices.STAGES, choices.LANGUAGES,
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "written", "value"),
    [
        (choices.CUSTOMER_KINDS, "Entreprise", "company"),
        (choices.CUSTOMER_KINDS, "SOCIÉTÉ", "company"),
        (choices.CUSTOMER_KINDS, "particulier", "person"),
        (choices.TRANSACTION_KINDS, "Vente", "sale"),
        (choices.TRANSACTION_KINDS, "Avoir", "refund"),
        (choices.TRANSACTION_KINDS, "remboursement", "refund"),
        (choices.INTERACTION_KINDS, "Appel", "call"),
        (choices.INTERACTION_KINDS, "Rendez-vous", "meeting"),
        (choices.INTERACTION_KINDS, "RDV", "meeting"),
        (choices.INTERACTION_KINDS, "web_visit", "web_visit"),
        (choices.INTERACTION_KINDS, "E-mail ouvert", "email_opened"),
        (choices.INTERACTION_KINDS, "Réclamation", "complaint"),
        (choices.LIFECYCLES, "Client", "active"),
        (choices.LIFECYCLES, "prospect", "prospect"),
        (choices.SEXES, "Mme", "female"),
        (choices.STAGES, "Gagnée", "won"),
        (choices.STAGES, "Devis", "proposal"),
    ],
)
def test_a_value_is_understood_in_both_languages(words: Words, written: str, value: str) -> None:
    convert = choice(words)

    assert convert(written) == value
    assert convert(written) == value
    assert convert(f" {written} ") == value


@pytest.mark.parametrize("words", VOCABULARIES)
def test_no_word_means_two_values(words: Words) -> None:
    spellings = [fold_name(word) for value, others in words.items() for word in {value, *others.split(",")} if word]

    assert len(spellings) == len(set(spellings))


def test_an_unknown_word_is_refused_with_the_values_that_would_do() -> None:
    with pytest.raises(Unusable) as unusable:
        choice(choices.TRANSACTION_KINDS, "bad_kind")("échange")

    assert unusable.value.code == "bad_kind"
    assert unusable.value.detail == "Type inconnu. Attendu : sale, refund."


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("FR", "FR"), ("fr", "FR"), ("FRA", "FR"), ("France", "FR"), ("ÉTATS-UNIS", "US"), ("United Kingdom", "GB"),
        ("Côte d’Ivoire", "CI"), ("Allemagne", "DE"), ("La Réunion", "RE"), ("zw", "ZW"), ("", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_code_and_name(written: str, code: str | None) -> None:
    assert country(written) == code


@pytest.mark.parametrize("written", ["Philipines", "XX", "F", "Francais"])
def test_an_unknown_country_is_refused(written: str) -> None:
    with pytest.raises(Unusable) as unusable:
        country(written)
    assert unusable.value.code == "bad_country"


def test_there_are_249_country_codes() -> None:
    assert len(CODES) == 249


@pytest.mark.parametrize(
    ("written", "code"),
    [("fr", "fr"), ("FR", "fr"), ("fr_CA", "fr-CA"), ("Français", "fr"), ("anglais", "en"), ("", None)],
)
def test_a_language_is_known_by_code_and_name(written: str, code: str | None) -> None:
    assert language(written) == code


@pytest.mark.parametrize(
    ("written", "code"), [("EUR", "EUR"), ("eur", "EUR"), ("€", "EUR"), ("Euros", "EUR"), ("", None)]
)
def test_a_currency_is_known_by_code_and_sign(written: str, code: str | None) -> None:
    assert currency(written) == code


@pytest.mark.parametrize("written", ["$", "E", "EURO S", "1EU"])
def test_an_unclear_currency_is_refused(written: str) -> None:
    with pytest.raises(Unusable) as unusable:
        currency(written)
    assert unusable.value.code == "bad_value"
