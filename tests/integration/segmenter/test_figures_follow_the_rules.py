"""What SQL computes from the facts is what the rules say, figure by figure."""

from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pytest

from tests.integration.segmenter.oracle import assert_agrees
from tests.integration.segmenter.random_portfolio import random_portfolio
from tests.integration.segmenter.workplace import Workplace


@pytest.mark.parametrize(
    ("seed", "timezone", "currency", "as_of"),
    [
        (1, "Europe/Paris", "EUR", date(2026, 3, 31)),
        (2, "Pacific/Auckland", "JPY", date(2024, 2, 29)),
        (3, "America/Los_Angeles", "TND", date(2025, 11, 3)),
    ],
)
async def test_a_random_portfolio_has_the_figures_of_the_rules(
    connection: asyncpg.Connection, seed: int, timezone: str, currency: str, as_of: date
) -> None:
    portfolio = random_portfolio(seed, 250, as_of, timezone, currency)
    workplace = await Workplace.open(connection, timezone, currency, as_of)
    await workplace.load(portfolio)
    await workplace.mark()

    await workplace.settle()

    await assert_agrees(workplace, portfolio)


async def test_figures_stay_right_as_days_pass_and_when_the_test_clock_goes_back(workplace: Workplace) -> None:
    portfolio = random_portfolio(7, 150, await workplace.today())
    await workplace.load(portfolio)
    await workplace.mark()
    for days in (0, 1, 29, 180, -400):
        as_of = portfolio.account.as_of + timedelta(days=days)
        await workplace.set_day(as_of)

        await workplace.settle()

        await assert_agrees(workplace, replace(portfolio, account=replace(portfolio.account, as_of=as_of)))
