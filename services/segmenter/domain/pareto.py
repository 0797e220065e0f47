"""Pareto 20/80 (rule S1): who the best customers are, and how much of the revenue they really make."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.segmenter.domain.ranking import Ranking, share_of_customers
from services.segmenter.domain.ratios import percentage

ParetoClass = Literal["big", "small"]
_REACHED_PCT = 80


@dataclass(frozen=True, slots=True)
class ParetoReport:
    """80 % is a finding, not a condition. Everything is None without positive revenue."""

    big_share_pct: Decimal | None
    customers_for_80: int | None
    customers_for_80_pct: Decimal | None


def classify(ranking: Ranking, top_pct: int) -> dict[str, ParetoClass]:
    """Big: among the first `top_pct` % of customers, with a positive measure."""
    limit = share_of_customers(top_pct, len(ranking))
    return {
        customer: "big" if rank <= limit and measure > 0 else "small" for rank, customer, measure in ranking.ranked()
    }


def report(ranking: Ranking, top_pct: int) -> ParetoReport:
    if ranking.total == 0:
        return ParetoReport(None, None, None)
    needed = ranking.customers_reaching(_REACHED_PCT)
    return ParetoReport(
        big_share_pct=percentage(ranking.first(share_of_customers(top_pct, len(ranking))), ranking.total),
        customers_for_80=needed,
        customers_for_80_pct=percentage(needed, len(ranking)),
    )
