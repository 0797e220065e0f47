"""NPS and CSAT (rules N1, N2, N3)."""

from decimal import Decimal

import pytest

from services.segmenter.domain.satisfaction import customer_satisfaction, net_promoter_score, nps_class
from tests.unit.segmenter.account import Row, score_of, survey


def latest(*rows: Row) -> tuple[int | None, str | None, int | None]:
    one = score_of("c", *rows, survey("bystander", "nps", 0))
    return one.nps_score, one.nps_class, one.csat_last


def test_the_latest_answer_of_each_kind_counts() -> None:
    assert latest(
        survey("c", "nps", 10, "2026-01-01"),
        survey("c", "nps", 3, "2026-02-01"),
        survey("c", "csat", 5, "2026-03-01"),
        survey("c", "csat", 2, "2026-02-01"),
    ) == (3, "detractor", 5)


def test_at_one_instant_the_greatest_id_wins_even_across_offsets() -> None:
    assert latest(
        survey("c", "nps", 9, "2026-02-01T12:00:00+01:00", id="b"),
        survey("c", "nps", 2, "2026-02-01T11:00:00+00:00", id="a"),
        survey("c", "nps", 7, "2026-02-01T06:00:00-05:00", id="Z"),
    ) == (9, "promoter", None)


def test_answers_outside_the_twelve_months_or_after_today_do_not_exist() -> None:
    assert latest(survey("c", "nps", 9, "2025-03-31"), survey("c", "nps", 9, "2026-04-01")) == (None, None, None)
    assert latest(survey("c", "csat", 1, "2025-04-01")) == (None, None, 1)


def test_a_prospect_who_answered_has_an_answer() -> None:
    one = score_of("c", survey("c", "nps", 8))
    assert (one.status, one.nps_score, one.nps_class) == ("prospect", 8, "passive")


@pytest.mark.parametrize(
    ("score", "expected"), [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter")]
)
def test_classes(score: int, expected: str) -> None:
    assert nps_class(score) == expected


def test_the_portfolios_scores_and_their_absence() -> None:
    assert net_promoter_score([10, 9, 8, 6, 0, 0]) == Decimal("-16.666667")
    assert net_promoter_score([9, 6]) == 0
    assert net_promoter_score([]) is None
    assert customer_satisfaction([5, 4, 3], 4) == Decimal("66.666667")
    assert customer_satisfaction([], 4) is None
