"""Recency, frequency, monetary value (rules S3, S3b, S4)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.segmenter.domain.rfm import (
    RfmInputs,
    interval_segment_of,
    is_small,
    score_by_ntile,
    score_by_rank,
    segment_of,
)
from shared.domain.rules.score_fields import RFM_INTERVAL_SEGMENTS, RFM_SEGMENTS

REFERENCE = Path(__file__).parents[2] / "data" / "rfm_cells.csv"
CELLS = list(csv.DictReader(REFERENCE.read_text(encoding="utf-8").splitlines()))


def test_the_reference_lists_all_125_cells() -> None:
    assert [row["cell"] for row in CELLS] == [
        f"{r}{f}{m}" for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)
    ]


@pytest.mark.parametrize("row", CELLS, ids=[row["cell"] for row in CELLS])
def test_both_names_of_every_cell(row: dict[str, str]) -> None:
    r, f, m = map(int, row["cell"])
    assert (segment_of(r, f), interval_segment_of(r, f, m)) == (row["segment"], row["segment_intervals"])


def test_the_names_a_rule_may_use_are_exactly_these() -> None:
    assert {row["segment"] for row in CELLS} == set(RFM_SEGMENTS)
    assert {row["segment_intervals"] for row in CELLS} == set(RFM_INTERVAL_SEGMENTS)


def revenues(*values: int) -> dict[str, RfmInputs]:
    return {f"c{number:02}": RfmInputs(10, 1, value) for number, value in enumerate(values)}


def test_equal_values_get_equal_scores_and_the_worst_one() -> None:
    scores = score_by_rank(revenues(1, 1, 1, 1, 1, 1, 9, 9, 9, 10))
    assert [one.m for one in scores.values()] == [1] * 6 + [4] * 3 + [5]
    assert {one.r for one in scores.values()} == {1}


def test_more_recent_is_better() -> None:
    scores = score_by_rank(
        {name: RfmInputs(days, 1, 1) for name, days in zip("abcde", (300, 200, 100, 50, 0), strict=True)}
    )
    assert [one.r for one in scores.values()] == [1, 2, 3, 4, 5]
    assert scores["e"].cell == "511"
    assert (scores["e"].segment, scores["e"].segment_intervals) == ("new_customers", "new_customers")


def test_fewer_customers_than_fifths_use_the_same_formula_and_say_so() -> None:
    assert [one.m for one in score_by_rank(revenues(1, 2, 3)).values()] == [1, 2, 4]
    assert [one.m for one in score_by_ntile(revenues(1, 2, 3)).values()] == [1, 2, 3]
    assert (is_small(4), is_small(5)) == (True, False)


def test_ntile_gives_the_first_buckets_one_more_and_splits_ties_by_id() -> None:
    assert [one.m for one in score_by_ntile(revenues(*[7] * 7)).values()] == [1, 1, 2, 2, 3, 4, 5]
    assert [one.m for one in score_by_ntile(revenues(9, *[7] * 6)).values()] == [5, 1, 1, 2, 2, 3, 4]


def test_nobody_to_score() -> None:
    assert score_by_rank({}) == {}
    assert score_by_ntile({}) == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 6), min_size=1, max_size=25))
def test_scores_are_what_the_rule_says_word_by_word(values: list[int]) -> None:
    population = revenues(*values)
    by_rank, by_ntile = score_by_rank(population), score_by_ntile(population)
    assert [one.m for one in by_rank.values()] == [
        1 + 5 * sum(other < value for other in values) // len(values) for value in values
    ]
    sizes = [sum(one.m == bucket for one in by_ntile.values()) for bucket in range(1, 6)]
    assert sizes == [len(values) // 5 + (bucket < len(values) % 5) for bucket in range(5)]
    in_order = sorted(population, key=lambda name: (population[name].revenue, name))
    assert [by_ntile[name].m for name in in_order] == sorted(by_ntile[name].m for name in in_order)
