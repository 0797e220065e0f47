"""Orders, revenue and margin (rules T1 to T7, C1, C2)."""

from datetime import date
from decimal import Decimal

from tests.unit.segmenter.account import Row, rate, refund, sale, score_of, scored


def figures(*rows: Row, as_of: date = date(2026, 3, 31)) -> tuple[int, Decimal, Decimal | None]:
    one = score_of("c", *rows, sale("bystander", "1"), as_of=as_of)
    return one.orders, one.revenue, one.margin


def test_rows_of_one_order_id_are_one_order_of_that_customer_only() -> None:
    scores = scored(
        sale("c", "10", "2026-03-01", order="o"),
        sale("c", "20", "2026-03-04", order="o"),
        sale("d", "5", "2026-02-01", order="o"),
        refund("d", "-5", "2026-02-02", order="o"),
        sale("c", "1", "2026-03-04"),
        sale("c", "1", "2026-03-04"),
    )
    assert scores["c"].orders == 3
    assert scores["c"].last_purchase == date(2026, 3, 4)
    assert scores["c"].first_purchase == date(2026, 3, 1)
    assert scores["d"].orders == 0


def test_an_orders_day_is_that_of_its_first_sale_by_instant_whatever_the_order_of_the_rows() -> None:
    early, late = sale("c", "10", "2025-03-20", order="o"), sale("c", "10", "2026-03-20", order="o")
    assert figures(late, early)[:2] == (0, Decimal("10.00"))


def test_at_one_instant_the_first_sale_is_that_of_the_smallest_id() -> None:
    instant = "2026-03-01T12:00:00+01:00"
    rows = (
        rate("2026-01-01", "USD", "0.5"),
        sale("c", "10", instant, order="o", currency="USD", id="b"),
        sale("c", "10", instant, order="o", currency="USD", id="B"),
    )
    assert figures(*rows)[:2] == (1, Decimal("10.00"))


def test_an_order_lives_while_the_sum_of_its_original_amounts_is_positive() -> None:
    almost = (sale("c", "10.00", order="o"), refund("c", "-9.99", order="o"))
    assert figures(*almost)[:2] == (1, Decimal("0.01"))
    assert figures(*almost, refund("c", "-0.01", order="o"))[:2] == (0, Decimal("0.00"))
    assert figures(*almost, refund("c", "-5", order="o"))[:2] == (0, Decimal("-4.99"))


def test_amounts_below_the_minor_unit_still_keep_an_order() -> None:
    assert figures(sale("c", "0.004"))[:2] == (1, Decimal("0.00"))


def test_a_later_sale_brings_a_refunded_order_back() -> None:
    rows = (
        sale("c", "10", "2026-03-01", order="o"),
        refund("c", "-10", "2026-03-02", order="o"),
        sale("c", "3", "2026-03-05", order="o"),
    )
    assert figures(*rows, as_of=date(2026, 3, 4))[:2] == (0, Decimal("0.00"))
    assert figures(*rows)[:2] == (1, Decimal("3.00"))


def test_a_refund_before_its_sale_is_unattached_until_the_sale_is_seen() -> None:
    rows = (
        rate("2026-01-01", "USD", "1"),
        rate("2026-03-10", "USD", "2"),
        refund("c", "-4", "2026-03-05", order="o", currency="USD"),
        sale("c", "10", "2026-03-10", order="o", currency="USD"),
    )
    assert figures(*rows, as_of=date(2026, 3, 9))[:2] == (0, Decimal("-4.00"))
    assert figures(*rows)[:2] == (1, Decimal("12.00"))


def test_a_full_refund_nets_to_zero_although_the_rate_moved() -> None:
    rows = (
        rate("2026-01-01", "USD", "0.9137"),
        rate("2026-03-10", "USD", "0.7"),
        sale("c", "33.33", "2026-03-01", order="o", cost="11.11", currency="USD"),
        refund("c", "-33.33", "2026-03-20", order="o", cost="-11.11", currency="USD"),
    )
    assert figures(*rows) == (0, Decimal("0.00"), Decimal("0.00"))


def test_every_sale_of_an_order_has_its_own_days_rate() -> None:
    rows = (
        rate("2026-01-01", "USD", "1"),
        rate("2026-03-10", "USD", "2"),
        sale("c", "10", "2026-03-01", order="o", currency="USD"),
        sale("c", "10", "2026-03-10", order="o", currency="USD"),
        refund("c", "-10", "2026-03-11", order="o", currency="USD"),
    )
    assert figures(*rows)[:2] == (1, Decimal("20.00"))


def test_the_rate_is_the_last_on_or_before_the_day_and_the_accounts_own_currency_needs_none() -> None:
    rows = (
        rate("2026-03-02", "USD", "3"),
        rate("2026-03-01", "USD", "2"),
        rate("2026-02-01", "USD", "1"),
        rate("2026-01-01", "EUR", "7"),
        sale("c", "1", "2026-02-28", currency="USD"),
        sale("c", "10", "2026-03-01", currency="USD"),
        sale("c", "100", "2026-03-31", currency="USD"),
        sale("c", "1000", currency="EUR"),
    )
    assert figures(*rows)[:2] == (4, Decimal("1321.00"))


def test_amount_and_cost_are_each_rounded_to_the_accounts_minor_unit() -> None:
    scores = scored(rate("2026-01-01", "EUR", "160.5"), sale("c", "1", cost="0.3", currency="EUR"), currency="JPY")
    assert (str(scores["c"].revenue), str(scores["c"].margin)) == ("161", "113")
    assert str(scored(sale("c", "1.0005", cost="0"), currency="TND")["c"].margin) == "1.001"


def test_margin_of_a_refund_without_cost_gives_no_goods_back() -> None:
    rows = (sale("c", "10", order="o", cost="6"), refund("c", "-10", order="o"))
    assert figures(*rows)[2] == Decimal("-6.00")


def test_an_unknown_cost_of_a_free_or_refunded_sale_is_unknown_all_the_same() -> None:
    assert figures(sale("c", "10", cost="6"), sale("c", "0"))[2] is None
    assert figures(sale("c", "10", order="o"), refund("c", "-10", order="o", cost="-6"))[2] is None


def test_without_rows_in_the_window_the_margin_is_zero() -> None:
    assert figures(sale("c", "10", "2025-01-01")) == (0, Decimal("0.00"), Decimal("0.00"))


def test_the_order_of_the_rows_has_no_influence() -> None:
    rows: list[Row] = [
        rate("2026-01-01", "USD", "0.9"),
        sale("c", "10", "2026-03-01", order="o", cost="3", currency="USD"),
        refund("c", "-4", "2026-03-05", order="o", currency="USD"),
        sale("d", "10", "2026-03-02", cost="1"),
        sale("c", "10", "2026-03-03", order="p", cost="3"),
    ]
    assert scored(*rows) == scored(*reversed(rows))
