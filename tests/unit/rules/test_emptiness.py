"""NULL semantics, defined once: positive is false, negative is the exact complement."""

import pytest

from shared.domain.rules.operators import ARITY, COMPLEMENT_OF, OPERATORS_OF
from tests.unit.rules.asking import is_member, parsed, says

VALUES = {"one": "2026-01-01", "many": ["2026-01-01"], "two": ["2026-01-01", "2026-02-01"], "duration": "P3M"}


@pytest.mark.parametrize("empty", [{}, {"scores.last_purchase": None}])
@pytest.mark.parametrize("operator", OPERATORS_OF["date"])
def test_without_a_date_only_negative_operators_and_null_are_true(operator: str, empty: dict[str, object]) -> None:
    negative = operator in COMPLEMENT_OF and operator != "notNull"
    answer = says(empty, "scores.last_purchase", operator, VALUES.get(ARITY[operator]))
    assert answer is (negative or operator == "null")


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("operator", OPERATORS_OF["text"])
def test_an_empty_text_is_no_text(operator: str, empty: str | None) -> None:
    negative = operator in COMPLEMENT_OF and operator != "notNull"
    assert says({"address.city": empty}, "address.city", operator, "Lyon") is (negative or operator == "null")


@pytest.mark.parametrize("empty", [None, [], (), frozenset()])
@pytest.mark.parametrize("operator", OPERATORS_OF["list"])
def test_an_empty_list_is_no_list(operator: str, empty: object) -> None:
    negative = operator in COMPLEMENT_OF and operator != "notNull"
    assert says({"tags": empty}, "tags", operator, "vip") is (negative or operator == "null")


def test_zero_and_false_are_values() -> None:
    assert says({"employees": 0}, "employees", "notNull")
    assert says({"employees": 0}, "employees", "=", 0)
    assert says({"scores.costly": False}, "scores.costly", "notNull")


def test_a_value_of_another_kind_is_no_value_for_the_comparison() -> None:
    record = {"custom_fields.size": "12"}
    assert not says(record, "custom_fields.size", "=", 12)
    assert says(record, "custom_fields.size", "!=", 12)
    assert says(record, "custom_fields.size", "=", "12")
    assert says(record, "custom_fields.size", "notNull")


@pytest.mark.parametrize("combinator", ["and", "or", "xor"])
def test_a_group_without_rules_matches_everybody_and_negated_nobody(combinator: str) -> None:
    assert is_member(parsed(combinator=combinator), {})
    assert not is_member(parsed(combinator=combinator, negated=True), {"name": "x"})
