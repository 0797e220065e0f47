"""Pareto and ABC (rules R1 to R4, S1, S2a to S2d)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.segmenter.domain import abc, pareto
from services.segmenter.domain.ranking import rank, share_of_customers
from shared.domain.thresholds import BandSettings, Settings

DEFAULTS = Settings()


def named(*measures: int) -> dict[str, int]:
    return {f"c{number:02}": measure for number, measure in enumerate(measures)}


def classes(found: dict[str, str]) -> str:
    return "".join(found[customer] for customer in sorted(found))


def cumulated(*measures: int) -> str:
    return classes({**abc.by_cumulated_share(rank(named(*measures)), DEFAULTS.abc_cum_pct)})


def banded(*measures: int) -> str:
    return classes({**abc.by_bands(rank(named(*measures)), BandSettings())})


def test_ties_are_ordered_by_code_point() -> None:
    ranking = rank(dict.fromkeys(["é1", "c10", "C1", "c2", "z", "😀", "\uff5e"], 1))
    assert [customer for customer, _ in ranking.entries] == ["C1", "c10", "c2", "z", "é1", "\uff5e", "😀"]


@pytest.mark.parametrize(
    ("percentage", "customers", "share"), [(20, 0, 0), (20, 1, 1), (20, 5, 1), (20, 6, 2), (40, 3, 2)]
)
def test_a_share_of_customers_is_rounded_up(percentage: int, customers: int, share: int) -> None:
    assert share_of_customers(percentage, customers) == share


class TestPareto:
    def test_the_first_fifth_with_a_positive_measure_is_big(self) -> None:
        found = pareto.classify(rank(named(5, 0, 0, 0, 0, 0)), 20)
        assert [found[name] for name in sorted(found)] == ["big", "small", "small", "small", "small", "small"]

    def test_the_share_of_the_big_and_the_number_that_makes_80_percent_are_findings(self) -> None:
        report = pareto.report(rank(named(50, 20, 10, 10, 10, -5)), 20)
        assert report.big_share_pct == Decimal(70)
        assert (report.customers_for_80, report.customers_for_80_pct) == (3, Decimal(50))

    def test_without_positive_revenue_there_is_nothing_to_report(self) -> None:
        assert pareto.report(rank(named(0, -5)), 20) == pareto.ParetoReport(None, None, None)
        assert pareto.report(rank({}), 20) == pareto.ParetoReport(None, None, None)


class TestAbcByCumulatedShare:
    @pytest.mark.parametrize(
        ("measures", "expected"),
        [
            ((100,), "A"),
            ((80, 15, 5), "ABC"),
            ((80000, 15000, 5000), "ABC"),
            ((79, 16, 5), "AAC"),
            ((85, 10, 5), "ABC"),
            ((60, 30, 10), "AAB"),
            ((10,) * 10, "AAAAAAAABB"),
            ((50, 50, 0, -20), "AACC"),
            ((0, -1), "CC"),
            ((), ""),
        ],
    )
    def test_the_share_before_the_customer_decides(self, measures: tuple[int, ...], expected: str) -> None:
        assert cumulated(*measures) == expected

    def test_a_customer_sitting_exactly_on_80_percent_does_not_flip(self) -> None:
        cents = [10_01, 29_97, 40_02, 10_00, 10_00]
        assert sum(cents[:3]) * 100 == 80 * sum(cents)
        assert cumulated(*cents) == "AAABB"


class TestAbcByRank:
    @pytest.mark.parametrize(
        ("measures", "expected"),
        [((7,), "A"), ((9, 8, 7), "ABC"), ((9,) * 5, "ABCCC"), ((9, 0, 0, 0, 0), "ACCCC"), ((1,) * 6, "AABCCC")],
    )
    def test_a_fifth_then_a_fifth_then_the_rest(self, measures: tuple[int, ...], expected: str) -> None:
        assert classes({**abc.by_rank(rank(named(*measures)), DEFAULTS.abc_rank_pct)}) == expected


class TestAbcByBands:
    def test_sizes_follow_the_revenue_within_their_bounds(self) -> None:
        # 80 % after 2 of 10 customers, 90 % after 4: A within 1-2, B within 2-3.
        assert banded(50, 30, 5, 5, 2, 2, 2, 2, 1, 1) == "AABBCCCCCC"
        # 80 % only after 8: A is held at 2; 90 % after 9: B is held at 3.
        assert banded(*[10] * 10) == "AABBBCCCCC"
        # 80 % and 90 % after the first: B has at least 2.
        assert banded(95, *[1] * 5, 0, 0, 0, 0) == "ABBCCCCCCC"

    def test_few_customers_leave_little_for_b(self) -> None:
        assert banded(5) == "A"
        assert banded(5, 5) == "AB"
        assert banded(5, 5, 5) == "ABC"

    def test_a_measure_that_is_not_positive_is_c_whatever_its_place(self) -> None:
        assert banded(9, 0, 0, -1, 0) == "ACCCC"
        assert banded(0, -1) == "CC"

    def test_the_report_tells_whether_the_bands_hold(self) -> None:
        conforming = abc.report_bands(rank(named(75, 6, 6, 5, 2, 2, 1, 1, 1, 1)), BandSettings())
        assert conforming == abc.BandsReport(Decimal(81), Decimal(11), Decimal(8), conforms=True)
        equal = abc.report_bands(rank(named(*[10] * 10)), BandSettings())
        assert equal == abc.BandsReport(Decimal(20), Decimal(30), Decimal(50), conforms=False)

    def test_without_positive_revenue_there_is_no_report(self) -> None:
        assert abc.report_bands(rank(named(0, -3)), BandSettings()) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-50, 100), max_size=30))
def test_classes_never_improve_down_the_ranking_and_cover_everybody(measures: list[int]) -> None:
    ranking = rank(named(*measures))
    for found in (
        abc.by_cumulated_share(ranking, (80, 95)),
        abc.by_rank(ranking, (20, 40)),
        abc.by_bands(ranking, BandSettings()),
    ):
        in_order = [found[customer] for customer, _ in ranking.entries]
        assert in_order == sorted(in_order)
        assert all(found[customer] == "C" for customer, measure in ranking.entries if measure <= 0)
