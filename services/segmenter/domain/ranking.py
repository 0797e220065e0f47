"""Best first, and shares of customers and of revenue (rules R1 to R4). Integers only: nothing flips on a limit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


def share_of_customers(percentage: int, customers: int) -> int:
    """p % of N customers = ceil(p * N / 100) (R3)."""
    return -(-percentage * customers // 100)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Customer ids with their measure, best first; `total` is the sum of the positive measures (R4)."""

    entries: tuple[tuple[str, int], ...]
    total: int

    def __len__(self) -> int:
        return len(self.entries)

    def ranked(self) -> Iterator[tuple[int, str, int]]:
        """Rank from 1, id, measure."""
        return ((rank, customer, measure) for rank, (customer, measure) in enumerate(self.entries, start=1))

    def first(self, customers: int) -> int:
        """The sum of the positive measures of the first customers."""
        return sum(max(measure, 0) for _, measure in self.entries[:customers])

    def customers_reaching(self, percentage: int) -> int:
        """The smallest number of first customers whose sum is at least this share of a positive total (S1, S2c)."""
        reached = 0
        for rank, _, measure in self.ranked():
            reached += max(measure, 0)
            if reached * 100 >= percentage * self.total:
                return rank
        return len(self)


def rank(measures: Mapping[str, int]) -> Ranking:
    """Measure descending, then id ascending by code point (R1, R2: Python compares text so)."""
    entries = tuple(sorted(measures.items(), key=lambda entry: (-entry[1], entry[0])))
    return Ranking(entries, sum(measure for measure in measures.values() if measure > 0))
