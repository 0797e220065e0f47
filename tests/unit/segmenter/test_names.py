"""The scores, flattened, have exactly the names and kinds of values that rules may use."""

from datetime import date
from decimal import Decimal

from services.segmenter.domain.rows import Customer
from services.segmenter.domain.scores import flatten
from shared.domain.rules.fields import SCORE_PREFIX
from shared.domain.rules.score_fields import SCORE_FIELDS
from tests.unit.segmenter.account import sale, scored, survey, touch

KINDS: dict[str, tuple[type, ...]] = {
    "number": (int, Decimal),
    "money": (Decimal,),
    "boolean": (bool,),
    "date": (date,),
    "enum": (str,),
    "text": (str,),
    "list": (tuple,),
}


def test_every_score_is_a_field_and_every_score_field_a_score() -> None:
    scores = scored(
        Customer("c", potential=Decimal(1000)),
        sale("c", "10", cost="1"),
        sale("d", "100", cost="1"),
        sale("e", "100", cost="1"),
        survey("c", "nps", 3),
        survey("c", "csat", 3),
        touch("c", "email_sent", message="m"),
    )
    flat = {SCORE_PREFIX + name: value for name, value in flatten(scores["c"]).items()}
    assert flat.keys() == {field.name for field in SCORE_FIELDS}
    for field in SCORE_FIELDS:
        value = flat[field.name]
        assert isinstance(value, KINDS[field.type]), field.name
        codes = value if isinstance(value, tuple) else (value,)
        assert not field.values or set(codes) <= set(field.values), field.name


def test_a_prospect_has_the_same_names_with_nothing_in_them() -> None:
    prospect = flatten(scored(Customer("p"))["p"])
    assert prospect.keys() == {field.name.removeprefix(SCORE_PREFIX) for field in SCORE_FIELDS}
    assert (prospect["rfm.segment"], prospect["churn_risk.level"], prospect["high_potential.flag"]) == (
        None,
        None,
        None,
    )
    assert prospect["engagement.delivered"] == 0
