"""The five signals and their level (rules V1 to V5)."""

from datetime import date, timedelta

import pytest

from services.segmenter.domain.churn import ChurnRisk
from tests.unit.segmenter.account import TODAY, Row, refund, sale, score_of, survey, touch


def ago(days: int) -> str:
    return str(TODAY - timedelta(days=days))


CLIENT = sale("c", "1", ago(0))


def risk(*rows: Row) -> ChurnRisk | None:
    return score_of("c", *rows, sale("bystander", "1")).churn_risk


def signals(*rows: Row) -> tuple[str, ...]:
    found = risk(*rows)
    assert found is not None
    return found.signals


def test_a_customer_without_signal_is_at_low_risk() -> None:
    assert risk(CLIENT) == ChurnRisk("low", ())


@pytest.mark.parametrize(("recent", "drops"), [("49.99", True), ("50.00", False), ("0.01", True)])
def test_activity_drops_strictly_below_half_of_the_90_days_before(recent: str, drops: bool) -> None:
    assert ("activity_drop" in signals(sale("c", "100", ago(100)), sale("c", recent, ago(10)))) is drops


def test_the_two_windows_of_90_days_touch_at_the_90th_day() -> None:
    assert signals(sale("c", "100", ago(90)), sale("c", "10", ago(89))) == ("activity_drop",)
    assert signals(sale("c", "100", ago(89)), sale("c", "10", ago(90))) == ()
    assert signals(sale("c", "100", ago(180)), sale("c", "10", ago(89))) == ()
    assert signals(sale("c", "100", ago(179)), sale("c", "10", ago(89))) == ("activity_drop",)


def test_a_drop_needs_positive_revenue_before() -> None:
    assert signals(sale("c", "100", ago(100), order="o"), refund("c", "-100", ago(95)), CLIENT) == ()


def test_two_complaints_in_90_days() -> None:
    assert signals(CLIENT, touch("c", "complaint", ago(0)), touch("c", "complaint", ago(89))) == (
        "repeated_complaints",
    )
    assert signals(CLIENT, touch("c", "complaint", ago(0)), touch("c", "complaint", ago(90))) == ()


@pytest.mark.parametrize(
    ("days_ago", "overdue"),
    [
        ((40, 30, 20), False),
        ((41, 31, 21), True),
        ((31, 21), False),
        ((41, 41, 31), False),
        # Gaps of 10 and 21: their median is 15.5, twice is 31, and 31 is not strictly more.
        ((62, 52, 31), False),
        ((63, 53, 32), True),
        # Gaps of 5, 10, 100: the median is 10.
        ((136, 131, 121, 21), True),
        ((135, 130, 120, 20), False),
    ],
)
def test_overdue_is_strictly_more_than_twice_the_median_gap_of_three_purchase_days(
    days_ago: tuple[int, ...], overdue: bool
) -> None:
    found = signals(*(sale("c", "1", ago(days)) for days in days_ago))
    assert ("overdue" in found) is overdue


def test_a_refunded_order_is_no_purchase_day() -> None:
    rows = [sale("c", "1", ago(days)) for days in (60, 31)]
    assert signals(*rows, sale("c", "1", ago(41), order="o"), refund("c", "-1", ago(40), order="o")) == ()


@pytest.mark.parametrize(
    ("kind", "score", "dissatisfied"), [("nps", 6, True), ("nps", 7, False), ("csat", 2, True), ("csat", 3, False)]
)
def test_dissatisfied(kind: str, score: int, dissatisfied: bool) -> None:
    answer = survey("c", "nps" if kind == "nps" else "csat", score, ago(5))
    assert signals(CLIENT, answer) == (("dissatisfied",) if dissatisfied else ())


def test_disengaged_is_five_delivered_and_none_opened() -> None:
    messages = [touch("c", "email_sent", ago(3), f"m{number}") for number in range(5)]
    assert signals(CLIENT, *messages) == ("disengaged",)
    assert signals(CLIENT, *messages[1:]) == ()
    assert signals(CLIENT, *messages, touch("c", "email_clicked", ago(2), "m3")) == ()


def test_the_level_grows_with_the_signals_which_keep_their_order() -> None:
    complaints = (touch("c", "complaint", ago(1)), touch("c", "complaint", ago(2)))
    assert risk(CLIENT, *complaints) == ChurnRisk("medium", ("repeated_complaints",))
    drop = sale("c", "100", ago(100))
    assert risk(survey("c", "csat", 1, ago(1)), *complaints, drop, CLIENT) == ChurnRisk(
        "high", ("activity_drop", "repeated_complaints", "dissatisfied")
    )


def test_only_a_customer_of_the_portfolio_is_at_risk() -> None:
    assert risk(sale("c", "1", "2024-03-31"), survey("c", "nps", 0)) is None
    assert risk(sale("c", "1", str(date(2024, 4, 1))), survey("c", "nps", 0)) == ChurnRisk("medium", ("dissatisfied",))
