"""The lead score (rule L1)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from services.segmenter.domain.rows import Customer
from tests.unit.segmenter.account import TODAY, Row, sale, score_of, touch


def ago(days: int) -> str:
    return str(TODAY - timedelta(days=days))


def lead(*rows: Row, fit: int = 0) -> tuple[Decimal, bool]:
    one = score_of("c", Customer("c", lead_fit=fit), *rows, touch("bystander", "meeting"))
    return one.lead_score, one.qualified


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("email_opened", 1),
        ("email_clicked", 3),
        ("social", 2),
        ("web_visit", 2),
        ("download", 10),
        ("form", 15),
        ("call", 5),
        ("meeting", 20),
        ("event", 10),
        ("complaint", 0),
        ("email_sent", 0),
        ("visit", 0),
    ],
)
def test_points_of_each_kind(kind: str, points: int) -> None:
    assert lead(touch("c", kind, ago(0))) == (Decimal(points), False)


@pytest.mark.parametrize(
    ("age", "score"), [(0, "20"), (30, "10"), (60, "5"), (15, "14.142136"), (1, "19.543199"), (300, "0.019531")]
)
def test_points_lose_half_their_worth_every_30_days(age: int, score: str) -> None:
    assert lead(touch("c", "meeting", ago(age)))[0] == Decimal(score)


def test_only_the_final_sum_is_clamped() -> None:
    unsubscribed = touch("c", "unsubscribe", ago(0))
    assert lead(unsubscribed) == (Decimal(0), False)
    assert lead(unsubscribed, unsubscribed, touch("c", "meeting", ago(0)), fit=30) == (Decimal(10), False)
    assert lead(unsubscribed, *[touch("c", "meeting", ago(0))] * 6) == (Decimal(100), True)
    assert lead(fit=-5) == (Decimal(0), False)


def test_the_threshold_is_reached_exactly() -> None:
    assert lead(touch("c", "meeting", ago(30)), fit=40) == (Decimal(50), True)
    # 49.9999999...: rounds to 50, but is not 50.
    assert lead(touch("c", "email_opened", ago(30 * 24)), touch("c", "unsubscribe", ago(1200)), fit=50)[1] is True
    assert lead(touch("c", "unsubscribe", ago(1200)), fit=50) == (Decimal("50.000000"), False)


def test_irrational_points_that_cancel_out_leave_exactly_nothing() -> None:
    rows = [touch("c", "meeting", ago(15)), touch("c", "unsubscribe", ago(15))]
    assert lead(*rows, fit=50) == (Decimal(50), True)
    later = [touch("c", "meeting", ago(45))] * 2 + [touch("c", "unsubscribe", ago(15))]
    assert lead(*later, fit=50) == (Decimal(50), True)


def test_interactions_after_today_do_not_count_and_the_local_day_gives_the_age() -> None:
    assert lead(touch("c", "meeting", "2026-04-01"))[0] == 0
    # 22:30 UTC on 1 March is half past eleven in the evening in Paris; an hour later is the 2nd.
    assert lead(touch("c", "meeting", "2026-03-01T22:30:00+00:00"))[0] == Decimal(10)
    assert lead(touch("c", "meeting", "2026-03-01T23:30:00+00:00"))[0] == Decimal("10.233739")


def test_only_a_prospect_can_be_qualified() -> None:
    assert lead(sale("c", "1"), fit=80) == (Decimal(80), False)
    assert lead(sale("c", "0"), fit=80) == (Decimal(80), True)
