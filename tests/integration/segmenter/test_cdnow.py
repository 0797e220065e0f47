"""A real and public data set: 2,357 customers of CDNOW and their 6,919 purchases."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import asyncpg

from services.segmenter.domain.rows import Account, Customer, Transaction
from tests.integration.segmenter.oracle import assert_agrees
from tests.integration.segmenter.workplace import Portfolio, Workplace

SAMPLE = Path(__file__).parents[3] / "examples" / "cdnow" / "CDNOW_sample.txt"
LAST_DAY = date(1998, 6, 30)


def cdnow() -> Portfolio:
    """One transaction a line: ids of the whole and of the sample, day, number of discs, dollars."""
    lines = [line.split() for line in SAMPLE.read_text().splitlines() if line.strip()]
    transactions = [
        Transaction(
            transaction_id=f"{number:05}",
            customer_id=customer,
            kind="sale",
            occurred_at=datetime.strptime(f"{day}12+0000", "%Y%m%d%H%z").astimezone(UTC),
            amount=Decimal(dollars),
        )
        for number, (_, customer, day, _, dollars) in enumerate(lines)
    ]
    customers = [Customer(name) for name in sorted({row.customer_id for row in transactions})]
    return Portfolio(Account("UTC", "USD", LAST_DAY), customers, transactions, [], [], [])


async def test_cdnow_has_the_figures_and_classes_of_the_rules(connection: asyncpg.Connection) -> None:
    """Every figure as the plain-Python statement of the rules has it, and the numbers that the methods state.

    2,349 customers bought for more than nothing within two years.
    """
    portfolio = cdnow()
    assert (len(portfolio.customers), len(portfolio.transactions)) == (2357, 6919)
    workplace = await Workplace.open(connection, "UTC", "USD", LAST_DAY)
    await workplace.load(portfolio)
    await workplace.mark()

    await workplace.settle()

    await assert_agrees(workplace, portfolio)
    scores = await workplace.scores()
    classes = Counter(figures["abc_revenue"] for figures in scores.values() if figures["rank"] is not None)
    ranked = Counter(figures["abc_rank"] for figures in scores.values() if figures["rank"] is not None)
    assert sum(classes.values()) == 2349
    assert (classes["A"], ranked["A"]) == (304, 470)
