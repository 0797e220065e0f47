"""Status and portfolio (rules P1, P2)."""

from datetime import date, timedelta

import pytest

from services.segmenter.domain.calendar import Window, days_before, last_days, months_before
from services.segmenter.domain.status import status_of
from shared.domain.thresholds import Settings
from tests.unit.segmenter.account import TODAY, sale, score_of


@pytest.mark.parametrize(
    ("last_purchase", "status"),
    [
        (TODAY, "active"),
        (TODAY - timedelta(days=180), "active"),
        (TODAY - timedelta(days=181), "dormant"),
        (date(2024, 4, 1), "dormant"),
        (date(2024, 3, 31), "lost"),
        (date(2010, 1, 1), "lost"),
        (None, "prospect"),
    ],
)
def test_the_last_purchase_decides(last_purchase: date | None, status: str) -> None:
    assert status_of(last_purchase, TODAY, Settings()) == status


def test_only_the_portfolio_has_classes_but_everybody_has_figures() -> None:
    lost = score_of("lost", sale("lost", "500", "2024-03-31"), sale("b", "1"))
    assert (lost.status, lost.dormant, lost.recency_days) == ("lost", False, 730)
    assert (lost.rank, lost.rfm, lost.churn_risk, lost.costly) == (None, None, None, None)
    dormant = score_of("dormant", sale("dormant", "500", "2024-04-01"), sale("b", "1"))
    assert (dormant.status, dormant.dormant, dormant.rank, dormant.orders) == ("dormant", True, 2, 0)


def test_lost_comes_before_active_when_settings_overlap() -> None:
    assert status_of(date(2026, 2, 28), TODAY, Settings(portfolio_months=1)) == "lost"


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2025, 1, 15), 24, date(2023, 1, 15)),
    ],
)
def test_months_before_are_clamped(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_windows_exclude_their_first_bound_and_touch_without_overlapping() -> None:
    recent = last_days(TODAY, 90)
    earlier = days_before(recent, 90)
    assert recent == Window(date(2025, 12, 31), TODAY)
    assert (date(2025, 12, 31) in recent, date(2026, 1, 1) in recent, TODAY in recent) == (False, True, True)
    assert date(2025, 12, 31) in earlier
    assert date(2025, 10, 2) not in earlier
    assert date(2025, 10, 3) in earlier
