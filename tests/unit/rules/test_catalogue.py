"""The fields a rule may name (shared.domain.rules.catalogue)."""

from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.fields import Field
from shared.domain.rules.operators import ARITY, COMPLEMENT_OF, OPERATORS_OF
from tests.unit.rules.asking import says

CATALOGUE = standard_catalogue()


def test_every_field_has_labels_in_both_languages_and_operators_that_exist() -> None:
    assert all(field.label_fr and field.label_en and field.operators for field in CATALOGUE)
    assert {operator for field in CATALOGUE for operator in field.operators} == set(ARITY)


def test_an_operator_and_its_complement_are_offered_together() -> None:
    for field in CATALOGUE:
        for negative, positive in COMPLEMENT_OF.items():
            assert (negative in field.operators) is (positive in field.operators), field.name


def test_the_names_are_those_of_the_api() -> None:
    names = {field.name for field in CATALOGUE}
    assert len(names) == len(CATALOGUE)
    assert {"name", "address.city", "tags", "scores.rfm.segment", "scores.engagement.rate_pct", "segments"} <= names
    assert {"scores.churn_risk.level", "scores.high_potential.flag", "scores.nps_class", "siren"} <= names


def test_a_field_that_is_never_empty_does_not_offer_the_question_but_answers_it() -> None:
    kind = CATALOGUE.get("kind")
    assert kind is not None
    assert kind.operators == ("=", "!=", "in", "notIn")
    assert kind.values == ("company", "person")
    assert not says({"kind": "person"}, "kind", "null")


def test_a_workspace_may_replace_a_field() -> None:
    ours = Field("preferred_channel", "Canal", "Channel", "enum", values=("email", "phone"))
    found = standard_catalogue(custom_fields=[ours]).get("preferred_channel")
    assert found is not None
    assert found.values == ("email", "phone")
    assert found.operators == OPERATORS_OF["enum"]
