"""What each operator answers for a value (shared.domain.rules.evaluate)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from tests.unit.rules.asking import says

OWNER = UUID("019c0000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("operator", "value", "answer"),
    [
        ("=", "dupont", True),
        ("=", "Dupon", False),
        ("!=", "DUPONT", False),
        ("!=", "Durand", True),
        ("contains", "UPO", True),
        ("contains", "%", False),
        ("doesNotContain", "upo", False),
        ("beginsWith", "du", True),
        ("beginsWith", "u", False),
        ("doesNotBeginWith", "du", False),
        ("endsWith", "ONT", True),
        ("doesNotEndWith", "x", True),
        ("in", "Durand,Dupont", True),
        ("in", ["Durand"], False),
        ("notIn", ["Durand"], True),
    ],
)
def test_text(operator: str, value: object, answer: bool) -> None:
    assert says({"name": "Dupont"}, "name", operator, value) is answer


@pytest.mark.parametrize(
    ("operator", "value", "answer"),
    [
        ("=", 12, True),
        ("=", "12.00", True),
        ("=", 12.5, False),
        ("!=", 12, False),
        ("<", 12, False),
        ("<=", 12, True),
        (">", "11.99", True),
        (">=", 12.01, False),
        ("between", "12,14", True),
        ("between", [10, 12], True),
        ("between", [12, 12], True),
        ("between", [12.01, 14], False),
        ("notBetween", [10, 12], False),
        ("in", "11, 12", True),
        ("notIn", [11, 13], True),
    ],
)
def test_number_with_both_ends_of_a_range_included(operator: str, value: object, answer: bool) -> None:
    assert says({"employees": 12}, "employees", operator, value) is answer


def test_money_is_compared_to_the_cent() -> None:
    record = {"scores.revenue": Decimal("100.10")}
    assert says(record, "scores.revenue", "=", 100.1)
    assert says(record, "scores.revenue", "<", "100.1000000001")
    assert not says(record, "scores.revenue", ">", "100.10")


@pytest.mark.parametrize(("value", "answer"), [(True, True), ("true", True), (False, False), ("false", False)])
def test_boolean(value: object, answer: bool) -> None:
    assert says({"scores.costly": True}, "scores.costly", "=", value) is answer


def test_enum_and_identifier() -> None:
    record = {"scores.abc_revenue": "A", "owner_id": OWNER}
    assert says(record, "scores.abc_revenue", "in", "A,B")
    assert not says(record, "scores.abc_revenue", "!=", "A")
    assert says(record, "owner_id", "=", str(OWNER).upper())
    assert says({"owner_id": str(OWNER)}, "owner_id", "in", [str(OWNER)])
    assert not says(record, "owner_id", "=", "019c0000-0000-7000-8000-000000000002")


@pytest.mark.parametrize(
    ("operator", "value", "answer"),
    [
        ("contains", "vip", True),
        ("contains", "VI", False),
        ("doesNotContain", "salon", False),
        ("in", "presse,salon", True),
        ("in", ["presse"], False),
        ("notIn", ["presse", "radio"], True),
        ("notIn", ["presse", "vip"], False),
        ("null", None, False),
        ("notNull", None, True),
    ],
)
def test_list_compares_whole_elements(operator: str, value: object, answer: bool) -> None:
    assert says({"tags": ["VIP", "Salon"]}, "tags", operator, value) is answer


@pytest.mark.parametrize(
    ("operator", "value", "answer"),
    [
        ("=", "2026-03-01", True),
        ("<", "2026-03-02", True),
        (">=", "2026-03-01", True),
        ("between", "2026-03-01,2026-03-31", True),
        ("between", ["2026-02-01", "2026-02-28"], False),
        ("in", ["2026-03-01"], True),
    ],
)
def test_date(operator: str, value: object, answer: bool) -> None:
    assert says({"scores.last_purchase": date(2026, 3, 1)}, "scores.last_purchase", operator, value) is answer


@pytest.mark.parametrize(
    ("operator", "value", "answer"),
    [
        # 22:30 UTC on the 28th is half past midnight on the 29th in Paris, the night the clocks change.
        ("=", "2026-03-29", False),
        ("=", "2026-03-28", True),
        ("between", "2026-03-01,2026-03-28", True),
        ("<", "2026-03-28", False),
        (">", "2026-03-28T22:29:59Z", True),
        ("<=", "2026-03-28T23:30:00+01:00", True),
        ("<", "2026-03-28T23:30:00+01:00", False),
    ],
)
def test_instant_against_a_day_means_the_local_day(operator: str, value: object, answer: bool) -> None:
    record = {"created_at": datetime(2026, 3, 28, 22, 30, tzinfo=UTC)}
    assert says(record, "created_at", operator, value) is answer


def test_the_local_day_may_be_another_than_the_day_in_utc() -> None:
    record = {"created_at": datetime(2026, 3, 29, 22, 30, tzinfo=UTC)}
    assert says(record, "created_at", "=", "2026-03-30")
    assert not says(record, "created_at", "=", "2026-03-29")


def test_one_field_against_another() -> None:
    record = {"scores.first_purchase": date(2026, 1, 1), "scores.last_purchase": date(2026, 3, 1), "name": "Éva"}
    later = ("scores.last_purchase", ">", "scores.first_purchase")
    assert says(record, *later, valueSource="field")
    assert not says({"scores.last_purchase": date(2026, 3, 1)}, *later, valueSource="field")
    assert says({"name": "x"}, "scores.last_purchase", "!=", "scores.first_purchase", valueSource="field")
    created = {"created_at": datetime(2026, 1, 1, 12, tzinfo=UTC), **record}
    assert says(created, "created_at", "=", "scores.first_purchase", valueSource="field")


@pytest.mark.parametrize(
    ("previous", "current", "answer"), [("A", "B", True), ("A", "A", False), ("C", "B", False), (None, "B", False)]
)
def test_changed_from_looks_at_the_value_before_the_last_change(
    previous: str | None, current: str, answer: bool
) -> None:
    record = {"scores.abc_revenue": current, "previous.scores.abc_revenue": previous}
    assert says(record, "scores.abc_revenue", "changedFrom", "A") is answer


def test_changed_from_also_sees_a_class_that_was_lost() -> None:
    record = {"scores.abc_revenue": None, "previous.scores.abc_revenue": "A"}
    assert says(record, "scores.abc_revenue", "changedFrom", ["A", "B"])


def test_membership_of_any_of_the_segments() -> None:
    record = {"segments": {"vip", "nord"}}
    assert says(record, "segments", "memberOf", "vip")
    assert says(record, "segments", "memberOf", ["sud", "nord"])
    assert not says(record, "segments", "notMemberOf", "sud,nord")
    assert says({"segments": []}, "segments", "notMemberOf", "vip")
