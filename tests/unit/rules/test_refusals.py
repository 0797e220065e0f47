"""What is no rule, and how it is said: every fault at once, each with its place and its code."""

from decimal import Decimal

import pytest

from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.faults import RuleError, RuleFault
from shared.domain.rules.fields import Field
from shared.domain.rules.parse import DEEPEST, MOST_RULES, parse_rule
from tests.unit.rules.asking import comparison, faults_of, query

GOOD = comparison("name", "=", "Dupont")


def test_all_faults_are_reported_together_in_the_order_of_the_document() -> None:
    bad = query(
        comparison("nom", "like", 1),
        comparison("employees", "contains", 1),
        query(comparison("employees", "=", "douze"), combinator="nor"),
        GOOD,
    )
    assert faults_of(bad) == [
        ("#/rules/0/field", "unknown_field"),
        ("#/rules/0/operator", "unknown_operator"),
        ("#/rules/1/operator", "operator_not_for_field"),
        ("#/rules/2/combinator", "bad_combinator"),
        ("#/rules/2/rules/0/value", "bad_number"),
    ]


def test_a_fault_has_a_sentence_for_the_developer() -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(query(comparison("scores.abc_revenue", "=", "D")), standard_catalogue())
    assert caught.value.faults == (RuleFault("#/rules/0/value", "unknown_value", "'D' is none of A, B, C"),)
    assert str(caught.value) == "#/rules/0/value unknown_value: 'D' is none of A, B, C"


@pytest.mark.parametrize("json", [None, [], "name = x", 3])
def test_a_query_is_an_object(json: object) -> None:
    assert faults_of(json) == [("#", "not_an_object")]


@pytest.mark.parametrize(
    ("json", "pointer", "code"),
    [
        ({"combinator": "and"}, "#/rules", "missing_rules"),
        (GOOD, "#/rules", "missing_rules"),
        ({"rules": [GOOD, GOOD]}, "#/combinator", "bad_combinator"),
        (query(GOOD, combinator="AND"), "#/combinator", "bad_combinator"),
        (query(GOOD, 3), "#/rules/1", "not_an_object"),
        (query(GOOD) | {"not": 1}, "#/not", "bad_not"),
        ({"rules": [GOOD, "and"]}, "#/rules", "bad_combinator"),
        ({"rules": ["and", GOOD]}, "#/rules", "bad_combinator"),
        ({"rules": [GOOD, GOOD, "and"]}, "#/rules", "bad_combinator"),
        ({"rules": [GOOD, "but", GOOD]}, "#/rules", "bad_combinator"),
        ({"rules": ["and"]}, "#/rules", "bad_combinator"),
        ({"rules": [GOOD, "xor", GOOD, "and", GOOD]}, "#/rules", "ambiguous_combinators"),
        (query(GOOD, "or", GOOD), "#/rules", "ambiguous_combinators"),
        (query(GOOD, "or", GOOD, "and", GOOD), "#/rules", "ambiguous_combinators"),
    ],
)
def test_structure(json: object, pointer: str, code: str) -> None:
    assert faults_of(json) == [(pointer, code)]


@pytest.mark.parametrize(
    ("field", "operator", "value", "code"),
    [
        ("name", "=", None, "missing_value"),
        ("name", "=", "", "missing_value"),
        ("tags", "in", [], "missing_value"),
        ("tags", "in", " , ", "missing_value"),
        ("name", "=", ["a"], "bad_text"),
        ("name", "=", True, "bad_text"),
        ("name", "=", "a\0b", "bad_text"),
        ("name", "=", "\ud800", "bad_text"),
        ("name", "=", "x" * 1001, "bad_text"),
        ("employees", "=", "1e5", "bad_number"),
        ("employees", "=", "1,5", "bad_number"),
        ("employees", "=", True, "bad_number"),
        ("employees", "=", float("inf"), "bad_number"),
        ("employees", "=", float("nan"), "bad_number"),
        ("employees", "=", 10**31, "bad_number"),
        ("employees", "=", Decimal(1), "bad_number"),
        ("employees", "in", [1, "x"], "bad_number"),
        ("employees", "between", "12", "two_values_expected"),
        ("employees", "between", [1, 2, 3], "two_values_expected"),
        ("employees", "between", [14, 12], "reversed_bounds"),
        ("created_at", "between", ["2026-01-01", "2026-01-02T00:00:00Z"], "mixed_bounds"),
        ("scores.costly", "=", "yes", "bad_boolean"),
        ("birth_date", "=", "01/03/2026", "bad_date"),
        ("birth_date", "=", "2026-02-30", "bad_date"),
        ("birth_date", "=", "20260301", "bad_date"),
        ("birth_date", "<", "2026-03-01T00:00:00Z", "bad_date"),
        ("created_at", "<", "2026-03-01T00:00:00", "bad_instant"),
        ("created_at", "<", "soon", "bad_instant"),
        ("created_at", "<", "0001-01-01T00:00:00+14:00", "bad_instant"),
        ("created_at", "inLast", "30", "bad_duration"),
        ("created_at", "inLast", 30, "bad_duration"),
        ("created_at", "inLast", "P0D", "bad_duration"),
        ("created_at", "anniversaryInNext", "PT36H", "bad_duration"),
        ("birth_date", "inLast", "PT36H", "bad_duration"),
        ("owner_id", "=", "me", "bad_uuid"),
        ("scores.status", "in", ["active", "gone"], "unknown_value"),
        ("scores.churn_risk.signals", "contains", "overdu", "unknown_value"),
        ("tags", "in", [str(number) for number in range(1001)], "too_many_values"),
    ],
)
def test_values(field: str, operator: str, value: object, code: str) -> None:
    assert faults_of(query(comparison(field, operator, value))) == [("#/rules/0/value", code)]


@pytest.mark.parametrize(
    ("field", "operator"),
    [
        ("name", "<"),
        ("name", "inLast"),
        ("employees", "beginsWith"),
        ("scores.costly", ">"),
        ("scores.abc_revenue", "contains"),
        ("scores.revenue", "changedFrom"),
        ("tags", "="),
        ("owner_id", "beginsWith"),
        ("created_at", "in"),
        ("name", "memberOf"),
        ("segments", "contains"),
    ],
)
def test_an_operator_that_means_nothing_for_the_field(field: str, operator: str) -> None:
    assert faults_of(query(comparison(field, operator, "x"))) == [("#/rules/0/operator", "operator_not_for_field")]


@pytest.mark.parametrize("name", [None, 3, "score.revenue", "custom_fields.", "custom_fields.a\nb", "customfields.x"])
def test_a_field_nobody_knows(name: object) -> None:
    assert faults_of(query({"field": name, "operator": "=", "value": 1})) == [("#/rules/0/field", "unknown_field")]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"valueSource": "parameter"}, ("#/rules/0/valueSource", "unsupported_value_source")),
        ({"valueSource": "expression"}, ("#/rules/0/valueSource", "unsupported_value_source")),
        ({"match": {"mode": "all"}}, ("#/rules/0/match", "match_not_supported")),
        ({"valueSource": "field"}, ("#/rules/0/value", "unknown_field")),
        ({"valueSource": "field", "value": "name"}, ("#/rules/0/value", "incomparable_fields")),
        ({"valueSource": "field", "value": "tags"}, ("#/rules/0/value", "incomparable_fields")),
        ({"valueSource": "field", "operator": "in"}, ("#/rules/0/valueSource", "operator_needs_value")),
    ],
)
def test_sources_and_modes(more: dict[str, object], fault: tuple[str, str]) -> None:
    assert faults_of(query({**comparison("employees", "=", "nobody"), **more})) == [fault]


def test_depth_and_number_are_limited_and_said_alone() -> None:
    deep: dict[str, object] = query(comparison("nom", "=", 1))
    for _ in range(DEEPEST - 1):
        deep = query(deep)
    where = "#" + "/rules/0" * DEEPEST
    assert faults_of(deep) == [(f"{where}/field", "unknown_field")]
    assert faults_of(query(deep)) == [(where, "too_deep")]
    assert faults_of(query(*[GOOD] * MOST_RULES)) == []
    assert faults_of(query(*[GOOD] * (MOST_RULES + 1))) == [("#", "too_many_rules")]
    assert faults_of(query(*[query()] * (MOST_RULES + 1))) == [("#", "too_many_rules")]


def test_a_hostile_depth_exhausts_nothing() -> None:
    deep: dict[str, object] = query(GOOD)
    for _ in range(5_000):
        deep = query(deep)
    assert [code for _, code in faults_of(deep)] == ["too_deep"]


def test_a_workspace_may_close_its_list_of_custom_fields_and_of_segments() -> None:
    declared = Field("custom_fields.tier", "Niveau", "Tier", "enum", values=("gold", "silver"))
    closed = standard_catalogue(custom_fields=[declared], segments=["vip"], open_custom_fields=False)
    parse_rule(query(comparison("custom_fields.tier", "=", "gold"), comparison("segments", "memberOf", "vip")), closed)
    bad = query(
        comparison("custom_fields.tier", "=", "bronze"),
        comparison("custom_fields.other", "=", "x"),
        comparison("segments", "memberOf", ["vip", "nord", "sud"]),
    )
    with pytest.raises(RuleError) as caught:
        parse_rule(bad, closed)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("#/rules/0/value", "unknown_value"),
        ("#/rules/1/field", "unknown_field"),
        ("#/rules/2/value", "unknown_segment"),
    ]
