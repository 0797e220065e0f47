"""High potential and cost to serve (rules H1, Y1)."""

from decimal import Decimal

import pytest

from services.segmenter.domain.potential import HighPotential, Reason
from services.segmenter.domain.rows import Customer
from tests.unit.segmenter.account import Row, refund, sale, score_of, touch

BIG = sale("big", "100000")
NO = HighPotential(flag=False, reasons=())


def potential_of(*rows: Row) -> HighPotential | None:
    return score_of("c", *rows, BIG).high_potential


@pytest.mark.parametrize(("cost", "found"), [("60.00", ("margin",)), ("60.01", ())])
def test_a_margin_of_40_percent_is_a_reason(cost: str, found: tuple[Reason, ...]) -> None:
    assert potential_of(sale("c", "100", cost=cost)) == HighPotential(bool(found), found)


@pytest.mark.parametrize(
    ("potential", "found"), [("200.00", ("headroom",)), ("199.99", ()), ("0", ()), ("-500", ()), (None, ())]
)
def test_half_of_the_known_potential_leaves_headroom(potential: str | None, found: tuple[Reason, ...]) -> None:
    known = None if potential is None else Decimal(potential)
    assert potential_of(Customer("c", potential=known), sale("c", "100")) == HighPotential(bool(found), found)


def test_both_reasons_in_the_order_of_the_rule() -> None:
    found = potential_of(Customer("c", potential=Decimal(1000)), sale("c", "100", cost="1"))
    assert found == HighPotential(flag=True, reasons=("margin", "headroom"))


def test_the_big_ones_and_those_without_revenue_have_none() -> None:
    rich = Customer("c", potential=Decimal(10**9))
    assert score_of("c", rich, sale("c", "100", cost="1")).high_potential == NO
    assert potential_of(rich, sale("c", "100", "2025-01-01", cost="1")) == NO
    assert potential_of(rich, sale("c", "100", cost="1"), refund("c", "-100")) == NO


def test_only_the_portfolio_has_a_potential() -> None:
    assert potential_of(Customer("c", potential=Decimal(1000))) is None


def test_contribution_is_what_serving_leaves_of_the_margin() -> None:
    rows = (sale("c", "100", cost="90"), touch("c", "call", "2025-04-01", cost="4.005"), touch("c", "note", cost="6"))
    one = score_of("c", *rows, touch("c", "call", "2025-03-31", cost="50"), BIG)
    assert (one.cost_to_serve, one.contribution, one.costly) == (Decimal("10.01"), Decimal("-0.01"), True)


def test_a_contribution_of_exactly_zero_is_not_costly() -> None:
    one = score_of("c", sale("c", "100", cost="90"), touch("c", "call", cost="10"))
    assert (one.contribution, one.costly) == (Decimal("0.00"), False)


def test_a_prospect_has_a_cost_but_is_not_called_costly() -> None:
    one = score_of("c", touch("c", "meeting", cost="30"), BIG)
    assert (one.cost_to_serve, one.contribution, one.costly) == (Decimal("30.00"), Decimal("-30.00"), None)
