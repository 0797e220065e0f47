"""What a rule depends on (shared.domain.rules.references)."""

import pytest

from shared.domain.rules.references import fields_used, find_cycle, segments_used, time_sensitive
from tests.unit.rules.asking import comparison, parsed, query


def test_the_fields_a_record_needs() -> None:
    group = parsed(
        comparison("name", "=", "x"),
        query(comparison("scores.abc_rank", "changedFrom", "A")),
        comparison("scores.last_purchase", "=", "scores.first_purchase", valueSource="field"),
    )
    assert fields_used(group) == {
        "name",
        "scores.abc_rank",
        "previous.scores.abc_rank",
        "scores.last_purchase",
        "scores.first_purchase",
    }


def test_the_segments_a_rule_refers_to() -> None:
    group = parsed(
        comparison("segments", "memberOf", "a,b"),
        query(comparison("segments", "notMemberOf", "c"), combinator="or"),
        comparison("segments", "notNull"),
    )
    assert segments_used(group) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("rule", "sensitive"),
    [
        (comparison("created_at", "inLast", "P30D"), True),
        (comparison("created_at", "notInLast", "P30D"), True),
        (comparison("birth_date", "anniversaryInNext", "P30D"), True),
        (comparison("created_at", "olderThan", "P3M"), True),
        (comparison("scores.recency_days", ">", 30), True),
        (comparison("scores.abc_revenue", "=", "A"), True),
        (comparison("segments", "memberOf", "a"), True),
        (comparison("birth_date", "<", "scores.first_purchase", valueSource="field"), True),
        (comparison("created_at", "<", "2026-01-01"), False),
        (comparison("tags", "contains", "vip"), False),
        (comparison("custom_fields.renewal", "=", "2026-01-01"), False),
    ],
)
def test_what_time_alone_may_change(rule: dict[str, object], sensitive: bool) -> None:
    assert time_sensitive(parsed(comparison("name", "=", "x"), query(rule))) is sensitive


@pytest.mark.parametrize(
    ("references", "cycle"),
    [
        ({}, ()),
        ({"a": ["b", "c"], "b": ["c"], "c": []}, ()),
        ({"a": ["gone"]}, ()),
        ({"a": ["a"]}, ("a", "a")),
        ({"x": ["b"], "b": ["c"], "c": ["d"], "d": ["b"]}, ("b", "c", "d", "b")),
        ({"a": ["b"], "b": [], "y": ["z"], "z": ["a", "y"]}, ("y", "z", "y")),
    ],
)
def test_segments_that_refer_to_one_another_in_a_circle(
    references: dict[str, list[str]], cycle: tuple[str, ...]
) -> None:
    assert find_cycle(references) == cycle


def test_a_long_chain_is_no_circle_and_exhausts_nothing() -> None:
    chain = {f"s{number:05}": [f"s{number + 1:05}"] for number in range(3_000)}
    assert find_cycle(chain) == ()
    assert find_cycle(chain | {"s03000": ["s02999"]}) == ("s02999", "s03000", "s02999")
