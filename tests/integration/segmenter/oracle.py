"""SQL against the readable statement of the rules: every figure of every customer."""

from decimal import Decimal
from typing import Any

from services.segmenter.domain.portfolio import score_account
from services.segmenter.domain.scores import flatten
from tests.integration.segmenter.workplace import Portfolio, Workplace

# Rule O3: numbers that are no amounts may differ in the seventh decimal.
TOLERANCE = Decimal("0.000001")
INEXACT = frozenset({"lead_score", "engagement.rate_pct", "engagement.click_rate_pct"})


def expected_scores(portfolio: Portfolio) -> dict[str, dict[str, Any]]:
    scores = score_account(
        portfolio.account,
        customers=portfolio.customers,
        transactions=portfolio.transactions,
        surveys=portfolio.surveys,
        interactions=portfolio.interactions,
        fx=portfolio.fx,
    )
    return {customer: _plain(flatten(own)) for customer, own in scores.items()}


def _plain(figures: dict[str, object]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in figures.items()}


async def assert_agrees(workplace: Workplace, portfolio: Portfolio) -> None:
    """Every figure that the rules give is what the tables hold."""
    found, wanted = await workplace.scores(), expected_scores(portfolio)
    assert found.keys() == wanted.keys()
    differences = [
        (customer, name, value, found[customer][name])
        for customer, figures in wanted.items()
        for name, value in figures.items()
        if not _same(name, value, found[customer][name])
    ]
    assert not differences, f"{len(differences)} differ: {differences[:8]}"


def _same(name: str, wanted: Any, found: Any) -> bool:
    if name in INEXACT and wanted is not None and found is not None:
        return abs(Decimal(wanted) - Decimal(found)) <= TOLERANCE
    return bool(wanted == found)
