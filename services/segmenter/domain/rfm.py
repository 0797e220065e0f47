"""Recency, frequency, monetary value: scores from 1 to 5, cells and named segments (rules S3, S3b, S4)."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass

FIFTHS = 5

# S3b: by recency (rows, 5 first) and frequency (columns, 1 first), a partition of the 25 cells.
_SEGMENTS = {
    5: ("new_customers", "potential_loyalists", "potential_loyalists", "champions", "champions"),
    4: ("promising", "potential_loyalists", "potential_loyalists", "loyal_customers", "loyal_customers"),
    3: ("about_to_sleep", "about_to_sleep", "need_attention", "loyal_customers", "loyal_customers"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose_them"),
    1: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose_them"),
}

# S4: the first whose three intervals hold the scores wins.
_INTERVALS = (
    ("champions", (5, 5), (5, 5), (5, 5)),
    ("potential_loyalist", (3, 5), (3, 5), (2, 5)),
    ("loyal_customers", (2, 4), (2, 4), (2, 4)),
    ("promising", (3, 4), (1, 3), (3, 5)),
    ("new_customers", (4, 5), (1, 3), (1, 5)),
    ("cant_lose_them", (1, 2), (3, 4), (4, 5)),
    ("at_risk", (1, 2), (2, 5), (4, 5)),
    ("need_attention", (1, 3), (3, 5), (3, 5)),
    ("about_to_sleep", (2, 3), (1, 3), (1, 4)),
    ("lost", (1, 1), (1, 5), (1, 5)),
)


@dataclass(frozen=True, slots=True)
class RfmInputs:
    """What is scored: days since the last purchase (fewer is better), kept orders, revenue in minor units."""

    recency_days: int
    orders: int
    revenue: int


@dataclass(frozen=True, slots=True)
class Rfm:
    r: int
    f: int
    m: int
    cell: str
    segment: str
    segment_intervals: str


def score_by_rank(population: Mapping[str, RfmInputs]) -> dict[str, Rfm]:
    """S3 `rfm`: 1 + floor(5 L / N) with L strictly worse customers. Equal values get equal scores."""
    return _scored(population, _fifths_by_rank)


def score_by_ntile(population: Mapping[str, RfmInputs]) -> dict[str, Rfm]:
    """S3 `rfm_ntile`: NTILE(5) over (worst first, id ascending); the first N mod 5 buckets have one more."""
    return _scored(population, _fifths_by_ntile)


def is_small(customers: int) -> bool:
    """Whether the scores say little: fewer customers than fifths (S3)."""
    return customers < FIFTHS


def segment_of(r: int, f: int) -> str:
    """S3b."""
    return _SEGMENTS[r][f - 1]


def interval_segment_of(r: int, f: int, m: int) -> str:
    """S4."""
    for name, *intervals in _INTERVALS:
        if all(low <= score <= high for score, (low, high) in zip((r, f, m), intervals, strict=True)):
            return name
    return "others"


def _scored(
    population: Mapping[str, RfmInputs], fifths: Callable[[Mapping[str, int]], dict[str, int]]
) -> dict[str, Rfm]:
    """Scores and names from the three axes, each turned so that a greater value is better."""
    r = fifths({customer: -inputs.recency_days for customer, inputs in population.items()})
    f = fifths({customer: inputs.orders for customer, inputs in population.items()})
    m = fifths({customer: inputs.revenue for customer, inputs in population.items()})
    return {customer: _named(r[customer], f[customer], m[customer]) for customer in population}


def _named(r: int, f: int, m: int) -> Rfm:
    return Rfm(r, f, m, f"{r}{f}{m}", segment_of(r, f), interval_segment_of(r, f, m))


def _fifths_by_rank(values: Mapping[str, int]) -> dict[str, int]:
    worst_first = sorted(values.values())
    return {
        customer: 1 + FIFTHS * bisect_left(worst_first, value) // len(worst_first) for customer, value in values.items()
    }


def _fifths_by_ntile(values: Mapping[str, int]) -> dict[str, int]:
    worst_first = sorted(values, key=lambda customer: (values[customer], customer))
    size, longer = divmod(len(worst_first), FIFTHS)
    buckets = [bucket for bucket in range(1, FIFTHS + 1) for _ in range(size + (bucket <= longer))]
    return dict(zip(worst_first, buckets, strict=True))
