"""The edge cases of the methods, each in tables: what SQL makes of them is what the rules say."""

from datetime import date
from decimal import Decimal

import asyncpg
import pytest

from services.segmenter.domain.rows import Account, Customer, ExchangeRate, Interaction, Survey, Transaction
from shared.domain.thresholds import Settings
from tests.integration.segmenter.oracle import assert_agrees
from tests.integration.segmenter.workplace import Portfolio, Workplace
from tests.unit.segmenter.account import TODAY, rate, refund, sale, survey, touch

Row = Customer | Transaction | Survey | Interaction | ExchangeRate
BYSTANDER = sale("bystander", "1000")

CASES: dict[str, tuple[Row, ...]] = {
    "zero and negative revenue stay in the portfolio, at the bottom": (
        sale("zero", "100", "2024-05-01", order="z"), sale("zero", "50", order="y"), refund("zero", "-50", order="z"),
        sale("below", "100", "2024-05-01", order="b"), refund("below", "-40", order="b"), BYSTANDER,
    ),
    "a full refund undoes the purchase": (sale("c", "80", order="o"), refund("c", "-80", order="o"), BYSTANDER),
    "a partial refund keeps it": (sale("c", "80", "2025-03-31", order="o"), refund("c", "-30", order="o"), BYSTANDER),
    "a refund of an order outside the window": (
        sale("c", "80", "2025-01-10", order="o"), refund("c", "-30", order="o"),
    ),
    "a refund without order reduces revenue only": (sale("c", "80"), refund("c", "-80"), BYSTANDER),
    "a refund whose order has no sale is unattached": (sale("c", "80", order="a"), refund("c", "-80", order="b")),
    "a refund after the day is invisible": (sale("c", "80", order="o"), refund("c", "-80", "2026-04-01", order="o")),
    "a free order is no purchase": (sale("c", "0.00"), sale("d", "0.00", order="x"), sale("d", "10", order="x")),
    "no purchase at all": (Customer("c", lead_fit=60), touch("c", "web_visit"), BYSTANDER),
    "one customer alone is class A and big": (sale("only", "10"),),
    "all equal: the id decides by code point": tuple(sale(name, "10") for name in ("b", "B", "a10", "a9", "é", "10")),
    "exactly on the limit of 80 percent": (sale("a", "800"), sale("b", "150"), sale("c", "50")),
    "halves round away from zero": (sale("c", "0.005"), sale("c", "1.005"), refund("c", "-0.005")),
    "an attached refund is converted at its order's rate": (
        rate("2025-01-01", "USD", "0.9"), rate("2026-03-02", "USD", "0.8"),
        sale("c", "100", "2026-03-01", order="o", currency="USD"),
        refund("c", "-100", "2026-03-10", order="o", currency="USD"), refund("c", "-10", "2026-03-10", currency="USD"),
    ),
    "an unknown cost makes the margin unknown": (
        sale("c", "80", cost="30"), sale("c", "20"), sale("d", "80", cost="30"), refund("d", "-10"), BYSTANDER,
    ),
    "the day changes at midnight in Paris": (
        sale("late", "10", "2026-03-31T21:59:59+00:00"), sale("tomorrow", "10", "2026-03-31T22:00:00+00:00"),
        sale("out", "10", "2025-03-31T21:59:59+00:00"), sale("in", "10", "2025-03-31T22:00:00+00:00"),
    ),
    "an order's day is that of its first sale": (
        sale("c", "10", "2026-03-05", order="o"), sale("c", "10", "2026-02-05", order="o"), BYSTANDER,
    ),
    "opens count once, for delivered messages only": (
        sale("c", "10"), touch("c", "email_sent", message="m1"), touch("c", "email_opened", message="m1"),
        touch("c", "email_opened", message="m1"), touch("c", "email_sent", message="m2"),
        touch("c", "email_bounced", message="m2"), touch("c", "email_clicked", message="m2"),
        touch("c", "email_opened", message="unknown"), touch("c", "email_sent", message="m3"),
        touch("c", "email_clicked", message="m3"), touch("c", "email_sent", "2025-12-31", "old"),
    ),
    "the latest answer, and the greatest id at one instant": (
        sale("c", "10"), survey("c", "nps", 9, id="a"), survey("c", "nps", 3, id="b"),
        survey("c", "csat", 5, "2025-03-31"), survey("c", "csat", 1, "2025-04-01"),
    ),
    "points that cancel out are exactly nothing": (
        Customer("c", lead_fit=50), touch("c", "meeting", "2026-03-24"), touch("c", "unsubscribe", "2026-03-24"),
        touch("d", "call", "2026-03-01"),
    ),
    "every signal of churn": (
        sale("c", "100", "2025-11-01"), sale("c", "100", "2025-12-01"), sale("c", "10", "2026-01-05"),
        touch("c", "complaint", "2026-02-01"), touch("c", "complaint", "2026-03-01"), survey("c", "csat", 2),
        *(touch("c", "email_sent", message=f"m{n}") for n in range(5)), BYSTANDER,
    ),
    "costly and high potential": (
        sale("c", "100", cost="90"), touch("c", "call", cost="20"), Customer("d", potential=Decimal(1000)),
        sale("d", "100", cost="90"), sale("e", "100", cost="60"), BYSTANDER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_the_case(workplace: Workplace, name: str) -> None:
    portfolio = Portfolio.of(Account("Europe/Paris", "EUR", TODAY), *CASES[name])
    await workplace.load(portfolio)
    await workplace.mark()

    await workplace.settle()

    await assert_agrees(workplace, portfolio)


async def test_an_empty_workspace_has_nothing_to_say(workplace: Workplace) -> None:
    await workplace.settle()

    assert await workplace.scores() == {}


async def test_a_row_without_exchange_rate_has_no_effect(workplace: Workplace) -> None:
    known = (sale("c", "80"), BYSTANDER)
    stray = sale("c", "500", currency="USD")
    await workplace.load(Portfolio.of(Account("Europe/Paris", "EUR", TODAY), *known, stray))
    await workplace.mark()

    await workplace.settle()

    await assert_agrees(workplace, Portfolio.of(Account("Europe/Paris", "EUR", TODAY), *known))


async def test_thresholds_of_the_workspace_replace_the_defaults(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    own = {
        "dormant_days": 10, "pareto_top_pct": 50, "abc_cum_pct": [50, 90], "risk": {"nps": 8}, "lead": {"threshold": 3},
    }  # fmt: skip
    rows: tuple[Row, ...] = (
        sale("a", "500"), sale("b", "300", "2026-03-25"), sale("c", "200", cost="10"), survey("a", "nps", 8),
        Customer("p", lead_fit=3),
    )  # fmt: skip
    portfolio = Portfolio.of(Account("Europe/Paris", "EUR", TODAY, Settings.from_mapping(own)), *rows)
    await connection.execute("update workspace set settings = $1", own)
    await workplace.load(portfolio)
    await workplace.mark()

    await workplace.settle()

    await assert_agrees(workplace, portfolio)


async def test_complaints_and_messages_of_their_own_tables_count_like_interactions(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    rows: tuple[Row, ...] = (sale("c", "10"), *(touch("c", "email_sent", message=f"m{n}") for n in range(3)))
    account = Account("Europe/Paris", "EUR", TODAY)
    await workplace.load(Portfolio.of(account, *rows))
    [customer] = (await workplace.ids()).values()
    for day in (1, 2):
        await connection.execute(
            "insert into complaint (workspace_id, customer_id, subject, occurred_at) values ($1, $2, 'late', $3)",
            workplace.workspace_id, customer, touch("c", "complaint", f"2026-03-0{day}").occurred_at,
        )  # fmt: skip
    await connection.execute(
        "insert into message (workspace_id, customer_id, channel, status, occurrence_key, message_ref, recipient,"
        " body_text, next_try_at, queued_at, sent_at) values ($1, $2, 'email', 'sent', 'k', 'ours', 'a@b.example', '',"
        " $3, $3, $3)",
        workplace.workspace_id, customer, touch("c", "email_sent").occurred_at,
    )  # fmt: skip
    for kind, message, bot in (("opened", "ours", False), ("opened", "m0", True), ("clicked", "m1", False),
                               ("bounced", "m2", False)):  # fmt: skip
        await connection.execute(
            "insert into message_event (workspace_id, provider, dedup_key, occurred_at, kind, message_ref,"
            " suspected_bot, customer_id, payload) values ($1, 'test', $2::text, $3, $4, $2::text, $5, $6, '{}')",
            workplace.workspace_id, message, touch("c", "email_opened").occurred_at, f"email.{kind}", bot, customer,
        )  # fmt: skip
    await workplace.mark()

    await workplace.settle()

    figures = (await workplace.scores())["c"]
    assert figures["engagement.delivered"] == 3
    assert (figures["engagement.opened"], figures["engagement.clicked"]) == (2, 1)
    assert figures["churn_risk.signals"] == ["repeated_complaints"]


async def test_a_leap_day_window_is_clamped(connection: asyncpg.Connection) -> None:
    as_of = date(2024, 2, 29)
    rows = (sale("out", "10", "2023-02-28"), sale("in", "10", "2023-03-01"), sale("lost", "10", "2022-02-28"))
    workplace = await Workplace.open(connection, "Europe/Paris", "EUR", as_of)
    portfolio = Portfolio.of(Account("Europe/Paris", "EUR", as_of), *rows)
    await workplace.load(portfolio)
    await workplace.mark()

    await workplace.settle()

    await assert_agrees(workplace, portfolio)
