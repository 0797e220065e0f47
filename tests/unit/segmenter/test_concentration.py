"""Dependency on few customers (rule X1)."""

from decimal import Decimal

import pytest

from services.segmenter.domain.concentration import Concentration, measure
from services.segmenter.domain.ranking import rank
from shared.domain.thresholds import ConcentrationSettings


def measured(*revenues: int) -> Concentration:
    return measure(rank({f"c{number:02}": value for number, value in enumerate(revenues)}), ConcentrationSettings())


def test_shares_of_30_and_20_and_five_times_10_have_an_index_of_exactly_1800() -> None:
    found = measured(30, 20, *[10] * 5)
    assert (found.hhi, found.level, found.alert) == (Decimal(1800), "moderate", True)


def test_one_customer_is_everything() -> None:
    assert measured(7) == Concentration(
        top1_pct=Decimal(100),
        top5_pct=Decimal(100),
        top20pct_pct=Decimal(100),
        hhi=Decimal(10_000),
        normalised=Decimal(1),
        effective_customers=Decimal(1),
        level="high",
        alert=True,
    )


def test_equal_customers_are_as_many_as_they_look() -> None:
    found = measured(*[3] * 20)
    assert (found.hhi, found.normalised, found.effective_customers) == (Decimal(500), Decimal(0), Decimal(20))
    assert (found.top1_pct, found.top5_pct, found.top20pct_pct) == (Decimal(5), Decimal(25), Decimal(20))
    assert (found.level, found.alert) == ("low", False)


def test_only_positive_revenues_count_but_the_top_fifth_is_of_all() -> None:
    found = measured(60, 40, 0, -10, -20, -30)
    assert (found.top1_pct, found.top5_pct, found.top20pct_pct) == (Decimal(60), Decimal(100), Decimal(100))
    assert found.hhi == Decimal(5200)
    assert found.normalised == Decimal("0.04")
    assert found.effective_customers == Decimal("1.923077")


@pytest.mark.parametrize(
    ("revenues", "level"),
    [([1] * 10, "moderate"), ([1] * 11, "low"), ([40, *[10] * 2, *[1] * 40], "high"), ([1] * 5, "high")],
)
def test_levels(revenues: list[int], level: str) -> None:
    assert measured(*revenues).level == level


@pytest.mark.parametrize(
    ("revenues", "alert"),
    [
        ([25, *[5] * 15], True),
        ([24, *[4] * 19], False),
        ([12] * 5 + [4] * 10, True),
        ([12] * 4 + [11] + [1] * 41, False),
    ],
)
def test_the_alert_rises_at_a_quarter_for_one_or_sixty_percent_for_five(revenues: list[int], alert: bool) -> None:
    assert sum(revenues) == 100
    assert measured(*revenues).alert is alert


def test_without_positive_revenue_everything_is_null() -> None:
    assert measured() == measured(0, -5) == Concentration(alert=False)
