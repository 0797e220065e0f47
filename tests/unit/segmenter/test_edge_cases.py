"""Each line of the methods' table of edge cases, through the whole of `score_account`."""

from datetime import date
from decimal import Decimal

import pytest

from services.segmenter.domain.money import MissingRate
from services.segmenter.domain.portfolio import score_account
from services.segmenter.domain.rows import Account, Customer
from tests.unit.segmenter.account import TODAY, rate, refund, sale, score_of, scored, survey, touch

BYSTANDER = sale("bystander", "1000")


def test_a_customer_with_zero_or_negative_revenue_stays_in_the_portfolio_at_the_bottom() -> None:
    given = (
        sale("good", "300", "2026-02-01"),
        sale("zero", "100", "2024-05-01", order="z"),
        sale("zero", "50", "2026-03-01", order="y"),
        refund("zero", "-50", "2026-03-02", order="z"),
        sale("below", "100", "2024-05-01", order="b"),
        refund("below", "-40", "2026-03-02", order="b"),
    )
    scores = scored(*given)
    assert {name: one.revenue for name, one in scores.items()} == {
        "good": Decimal("300.00"),
        "zero": Decimal("0.00"),
        "below": Decimal("-40.00"),
    }
    assert [scores[name].status for name in ("good", "zero", "below")] == ["active", "active", "dormant"]
    for name in ("zero", "below"):
        one = scores[name]
        assert (one.pareto, one.abc_revenue, one.abc_rank, one.abc_bands) == ("small", "C", "C", "C")
    assert scores["below"].rfm is not None
    assert scores["below"].rfm.m == 1
    assert scores["good"].abc_revenue == "A"


def test_after_a_full_refund_the_order_is_no_purchase_from_the_refunds_day_on() -> None:
    rows = (sale("c", "80", "2026-03-01", order="o"), refund("c", "-80", "2026-03-10", order="o"), BYSTANDER)
    before, after = score_of("c", *rows, as_of=date(2026, 3, 9)), score_of("c", *rows, as_of=date(2026, 3, 10))
    assert (before.status, before.orders, before.revenue) == ("active", 1, Decimal("80.00"))
    assert (after.status, after.orders, after.revenue) == ("prospect", 0, Decimal("0.00"))
    assert (after.first_purchase, after.last_purchase, after.recency_days, after.rank) == (None, None, None, None)


def test_a_partial_refund_keeps_the_order_and_reduces_revenue_on_its_own_day() -> None:
    rows = (sale("c", "80", "2025-03-31", order="o"), refund("c", "-30", "2026-03-10", order="o"), BYSTANDER)
    early, late = score_of("c", *rows, as_of=date(2026, 3, 9)), score_of("c", *rows, as_of=date(2026, 3, 10))
    assert (early.orders, early.revenue) == (1, Decimal("80.00"))
    assert (late.orders, late.revenue) == (1, Decimal("50.00"))
    assert late.last_purchase == date(2025, 3, 31)


def test_the_refund_of_an_order_outside_the_window_makes_the_revenue_negative() -> None:
    one = score_of("c", sale("c", "80", "2025-01-10", order="o"), refund("c", "-30", "2026-03-10", order="o"))
    assert (one.orders, one.revenue, one.status) == (0, Decimal("-30.00"), "dormant")


def test_a_refund_without_order_reduces_revenue_and_margin_but_cancels_nothing() -> None:
    one = score_of("c", sale("c", "80", cost="30"), refund("c", "-80"), refund("c", "-5", order="never sold"))
    assert (one.orders, one.revenue, one.margin) == (1, Decimal("-5.00"), Decimal("-35.00"))


def test_a_refund_after_the_day_asked_about_is_invisible() -> None:
    rows = (sale("c", "80", "2026-03-01", order="o"), BYSTANDER)
    later = refund("c", "-80", "2026-04-01", order="o")
    assert scored(*rows, later) == scored(*rows)


def test_a_free_order_is_no_purchase() -> None:
    one = score_of("c", sale("c", "0.00"), BYSTANDER)
    assert (one.status, one.orders, one.first_purchase) == ("prospect", 0, None)


def test_without_purchase_every_class_is_null_but_the_lead_score_counts() -> None:
    one = score_of("c", Customer("c", lead_fit=40), touch("c", "download", "2026-03-31"), BYSTANDER)
    assert (one.status, one.orders, one.revenue, one.margin) == ("prospect", 0, Decimal("0.00"), Decimal("0.00"))
    assert (one.rank, one.pareto, one.abc_revenue, one.abc_rank, one.abc_bands, one.abc_margin) == (None,) * 6
    assert (one.rfm, one.rfm_ntile, one.churn_risk, one.high_potential, one.costly) == (None,) * 5
    assert (one.lead_score, one.qualified, one.dormant) == (Decimal(50), True, False)


def test_without_any_customer_there_is_nothing_and_no_error() -> None:
    assert scored() == {}


def test_one_customer_alone_is_big_and_a_and_111() -> None:
    one = score_of("c", sale("c", "10", cost="4"))
    assert (one.rank, one.pareto) == (1, "big")
    assert (one.abc_revenue, one.abc_rank, one.abc_bands, one.abc_margin) == ("A", "A", "A", "A")
    assert one.rfm is not None
    assert one.rfm.cell == "111"


def test_all_equal_customers_are_told_apart_by_id_except_by_rank_scores() -> None:
    names = [f"c{number}" for number in range(10)]
    scores = scored(*(sale(name, "10") for name in reversed(names)))
    ordered = [scores[name] for name in names]
    assert [one.rank for one in ordered] == list(range(1, 11))
    assert [one.abc_revenue for one in ordered] == ["A"] * 8 + ["B"] * 2
    assert [one.abc_rank for one in ordered] == ["A"] * 2 + ["B"] * 2 + ["C"] * 6
    assert {one.rfm.cell for one in ordered if one.rfm} == {"111"}
    assert [one.rfm_ntile.cell for one in ordered if one.rfm_ntile] == [str(1 + n // 2) * 3 for n in range(10)]


def test_each_row_is_converted_at_its_own_days_rate_and_a_refund_at_its_orders() -> None:
    rows = (
        rate("2026-01-01", "USD", "0.90"),
        rate("2026-03-05", "USD", "0.80"),
        sale("c", "100", "2026-03-01", order="o", currency="USD"),
        refund("c", "-100", "2026-03-10", order="o", currency="USD"),
        sale("c", "100", "2026-03-10", currency="USD"),
        refund("c", "-10", "2026-03-10", currency="USD"),
        BYSTANDER,
    )
    assert score_of("c", *rows).revenue == Decimal("72.00")


def test_halves_are_rounded_away_from_zero_row_by_row() -> None:
    rows = (sale("c", "0.125"), sale("c", "0.125"), refund("c", "-0.005"))
    assert score_of("c", *rows).revenue == Decimal("0.25")


def test_an_unknown_rate_is_an_error_and_never_one_to_one() -> None:
    with pytest.raises(MissingRate, match="USD on 2026-03-01"):
        scored(rate("2026-03-02", "USD", "0.9"), sale("c", "1", "2026-03-01", currency="USD"))


@pytest.mark.parametrize(
    ("timezone", "purchase"),
    [("Europe/Paris", date(2026, 3, 29)), ("UTC", date(2026, 3, 28)), ("Asia/Tokyo", date(2026, 3, 29))],
)
def test_the_accounts_timezone_decides_the_day_on_the_night_the_clocks_change(timezone: str, purchase: date) -> None:
    # 23:30 UTC on the 28th is 00:30 in Paris, one and a half hours before the clocks go forward.
    scores = scored(sale("c", "10", "2026-03-28T23:30:00+00:00"), timezone=timezone)
    assert scores["c"].last_purchase == purchase


def test_summer_time_moves_the_day_boundary_by_an_hour() -> None:
    rows = (sale("winter", "10", "2026-03-28T22:30:00+00:00"), sale("summer", "10", "2026-03-29T22:30:00+00:00"))
    scores = scored(*rows)
    assert scores["winter"].last_purchase == date(2026, 3, 28)
    assert scores["summer"].last_purchase == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("as_of", "purchase", "orders"),
    [
        (date(2024, 2, 29), "2023-02-28", 0),
        (date(2024, 2, 29), "2023-03-01", 1),
        (date(2025, 2, 28), "2024-02-28", 0),
        (date(2025, 2, 28), "2024-02-29", 1),
        (date(2026, 3, 31), "2025-03-31", 0),
        (date(2026, 3, 31), "2025-04-01", 1),
    ],
)
def test_month_ends_are_clamped_and_the_first_bound_is_excluded(as_of: date, purchase: str, orders: int) -> None:
    assert score_of("c", sale("c", "10", purchase), as_of=as_of).orders == orders


def test_rows_of_nobody_have_no_effect() -> None:
    found = score_account(
        Account("Europe/Paris", "EUR", TODAY),
        customers=[Customer("c")],
        transactions=[sale("c", "10"), sale("stranger", "1000")],
        surveys=[survey("stranger", "nps", 9)],
        interactions=[touch("stranger", "call")],
        fx=[],
    )
    assert found == scored(sale("c", "10"))


def test_an_unknown_cost_makes_the_margin_null_and_leaves_the_margin_classes() -> None:
    scores = scored(
        sale("known", "100", cost="60"),
        sale("unknown", "1000", cost="1"),
        sale("unknown", "1"),
        sale("small", "10", cost="9"),
        touch("unknown", "call", cost="5"),
    )
    unknown = scores["unknown"]
    assert (unknown.margin, unknown.abc_margin, unknown.contribution, unknown.costly) == (None,) * 4
    assert unknown.cost_to_serve == Decimal("5.00")
    # 40 of 41: with the 999 of the unknown in the total, the known would not be alone in A.
    assert (scores["known"].abc_margin, scores["small"].abc_margin) == ("A", "C")


def test_a_cost_unknown_outside_the_window_does_not_matter() -> None:
    one = score_of("c", sale("c", "10", "2025-03-31"), sale("c", "10", cost="4"), refund("c", "-1"))
    assert one.margin == Decimal("5.00")
