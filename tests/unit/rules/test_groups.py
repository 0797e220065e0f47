"""Groups, negation, and the trace that explains a membership."""

from datetime import date
from itertools import product

import pytest

from shared.domain.rules.evaluate import RuleTrace
from tests.unit.rules.asking import comparison, is_member, parsed, query, traced

A = comparison("name", "=", "a")
B = comparison("language", "=", "b")
C = comparison("sector", "=", "c")


@pytest.mark.parametrize(("a", "b", "c"), list(product([True, False], repeat=3)))
def test_combinators(a: bool, b: bool, c: bool) -> None:
    record = {"name": "a" if a else "-", "language": "b" if b else "-", "sector": "c" if c else "-"}
    assert is_member(parsed(A, B, C), record) is (a and b and c)
    assert is_member(parsed(A, B, C, combinator="or"), record) is (a or b or c)
    assert is_member(parsed(A, B, C, combinator="xor"), record) is (a ^ b ^ c)
    assert is_member(parsed(A, query(B, C, combinator="or", negated=True)), record) is (a and not (b or c))


def test_the_trace_tells_every_rule_with_what_it_found() -> None:
    group = parsed(
        comparison("scores.abc_revenue", "in", "A,B"),
        query(
            comparison("scores.last_purchase", "<", "scores.first_purchase", valueSource="field"),
            comparison("scores.status", "changedFrom", "dormant"),
            negated=True,
        ),
    )
    record = {
        "scores.abc_revenue": "B",
        "scores.first_purchase": date(2025, 1, 1),
        "scores.last_purchase": date(2026, 1, 1),
        "scores.status": "active",
        "previous.scores.status": "dormant",
    }
    assert traced(group, record) == (
        RuleTrace("#/rules/0", "scores.abc_revenue", "in", ("A", "B"), "B", True),
        RuleTrace("#/rules/1/rules/0", "scores.last_purchase", "<", date(2025, 1, 1), date(2026, 1, 1), False),
        RuleTrace("#/rules/1/rules/1", "scores.status", "changedFrom", ("dormant",), "dormant", True),
    )
    assert is_member(group, record)


def test_the_trace_does_not_stop_at_the_first_rule_that_decides() -> None:
    traces = traced(parsed(A, B), {"name": "x", "language": "b"})
    assert [trace.result for trace in traces] == [False, True]
