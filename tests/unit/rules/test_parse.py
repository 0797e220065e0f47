"""From react-querybuilder JSON to the tree (shared.domain.rules.parse)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shared.domain.durations import Duration
from shared.domain.rules.tree import Group, Rule
from tests.unit.rules.asking import comparison, parsed, query

CITY = comparison("address.city", "=", "Lyon")
BIG = comparison("scores.pareto", "=", "big")
VIP = comparison("tags", "contains", "vip")
IS_CITY = Rule("address.city", "=", "Lyon")
IS_BIG = Rule("scores.pareto", "=", "big")
IS_VIP = Rule("tags", "contains", "vip")


def only_value(field: str, operator: str, value: object) -> object:
    (rule,) = parsed(comparison(field, operator, value)).rules
    assert isinstance(rule, Rule)
    return rule.value


def test_groups_nest_and_what_the_user_interface_adds_is_ignored() -> None:
    tree = parsed({**CITY, "id": "r1", "path": [0]}, query(BIG, VIP, combinator="or", negated=True, id="g"), id="root")
    assert tree == Group("and", (IS_CITY, Group("or", (IS_BIG, IS_VIP), negated=True)))


def test_a_group_of_one_rule_or_none_needs_no_combinator() -> None:
    assert parsed(CITY, combinator="and") == Group("and", (IS_CITY,))
    assert parsed(query(CITY) | {"combinator": None}) == Group("and", (Group("and", (IS_CITY,)),))


@pytest.mark.parametrize("word", ["disabled", "muted"])
def test_what_is_disabled_or_muted_is_left_out_unread(word: str) -> None:
    off = {"field": "gone", "operator": "?", word: True}
    assert parsed(CITY, off, combinator="or") == Group("or", (IS_CITY,))
    assert parsed(CITY, query({"field": "gone"}) | {word: True}, combinator="or") == Group("or", (IS_CITY,))


def test_a_group_of_which_nothing_remains_is_left_out_rather_than_matching_everybody() -> None:
    muted = {**BIG, "muted": True}
    assert parsed(CITY, query(muted, muted), combinator="or") == Group("or", (IS_CITY,))
    assert parsed(muted, negated=True) == Group("and")
    assert parsed(CITY, query(), combinator="or") == Group("or", (IS_CITY, Group("and")))


class TestCombinatorsBetweenTheRules:
    def test_one_word_throughout_is_the_combinator(self) -> None:
        assert parsed(CITY, "or", BIG, "or", VIP, combinator="or") == Group("or", (IS_CITY, IS_BIG, IS_VIP))

    def test_and_binds_tighter_than_or(self) -> None:
        tree = parsed(query(CITY, "or", BIG, "and", VIP) | {"combinator": None})
        assert tree.rules == (Group("or", (IS_CITY, Group("and", (IS_BIG, IS_VIP)))),)

    def test_a_muted_rule_takes_its_word_with_it(self) -> None:
        muted = {**BIG, "muted": True}
        tree = parsed(query(CITY, "and", muted, "or", VIP) | {"combinator": None})
        assert tree.rules == (Group("or", (IS_CITY, IS_VIP)),)

    def test_a_muted_alternative_disappears(self) -> None:
        muted = {**BIG, "muted": True}
        tree = parsed(query(muted, "or", CITY, "and", VIP) | {"combinator": None})
        assert tree.rules == (Group("or", (Group("and", (IS_CITY, IS_VIP)),)),)


@pytest.mark.parametrize(
    ("field", "operator", "json", "value"),
    [
        ("employees", "between", "12,14", (Decimal(12), Decimal(14))),
        ("employees", "between", [12, 14], (Decimal(12), Decimal(14))),
        ("employees", "in", " 12 , 14,", (Decimal(12), Decimal(14))),
        ("employees", "in", [14, 12, "14.0"], (Decimal(14), Decimal(12))),
        ("employees", "=", 1e3, Decimal(1000)),
        ("employees", "=", -0.5, Decimal("-0.5")),
        ("address.city", "in", r"Lyon,Saint-Denis\, Réunion", ("Lyon", "Saint-Denis, Réunion")),
        ("address.postal_code", "=", 69001, "69001"),
        ("tags", "in", "vip", ("vip",)),
        ("scores.last_purchase", "=", "2026-02-28", date(2026, 2, 28)),
        ("created_at", "<", "2026-03-01T01:00:00+01:00", datetime(2026, 3, 1, tzinfo=UTC)),
        ("created_at", "<", "2026-03-01", date(2026, 3, 1)),
        ("created_at", "inLast", "P1Y6M", Duration(months=18)),
        ("created_at", "inLast", "PT36H", Duration(seconds=129_600)),
        ("birth_date", "anniversaryInNext", "P2W", Duration(days=14)),
        ("scores.costly", "=", "true", True),
        ("owner_id", "=", "019C0000-0000-7000-8000-000000000001", "019c0000-0000-7000-8000-000000000001"),
        ("segments", "memberOf", "a,b", ("a", "b")),
        ("name", "null", "whatever", None),
    ],
)
def test_values_become_typed(field: str, operator: str, json: object, value: object) -> None:
    assert only_value(field, operator, json) == value


@pytest.mark.parametrize(
    ("operator", "json", "value"),
    [
        (">", 100, Decimal(100)),
        (">", "100", Decimal(100)),
        ("=", "100", "100"),
        ("=", True, True),
        ("<", "2026-01-01", date(2026, 1, 1)),
        ("between", ["2026-01-01", "2026-02-01"], (date(2026, 1, 1), date(2026, 2, 1))),
        ("inNext", "P30D", Duration(days=30)),
        ("contains", "or", "or"),
        ("in", [1, 2], (Decimal(1), Decimal(2))),
    ],
)
def test_a_custom_field_nobody_declared_has_the_type_the_rule_speaks_of(
    operator: str, json: object, value: object
) -> None:
    assert only_value("custom_fields.x", operator, json) == value
