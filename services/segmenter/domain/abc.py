"""The ABC classes: by cumulated share, by rank, by bands (rules S2a to S2d). Three questions, three names."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.segmenter.domain.ranking import Ranking, share_of_customers
from services.segmenter.domain.ratios import percentage
from shared.domain.thresholds import BandSettings

AbcClass = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class BandsReport:
    """What the classes by bands really make, and whether that is what the method expects (S2c)."""

    a_share_pct: Decimal
    b_share_pct: Decimal
    c_share_pct: Decimal
    conforms: bool


def by_cumulated_share(ranking: Ranking, limits: tuple[int, int]) -> dict[str, AbcClass]:
    """S2a on revenue, S2d on margin: the share BEFORE the customer decides, so who crosses a limit is better off."""
    classes: dict[str, AbcClass] = {}
    before = 0
    for _, customer, measure in ranking.ranked():
        if measure <= 0:
            classes[customer] = "C"
            continue
        reached = [before * 100 >= limit * ranking.total for limit in limits]
        classes[customer] = "C" if reached[1] else "B" if reached[0] else "A"
        before += measure
    return classes


def by_rank(ranking: Ranking, limits: tuple[int, int]) -> dict[str, AbcClass]:
    """S2b: the first 20 % of customers, those up to 40 %, and the rest."""
    last_a, last_b = (share_of_customers(limit, len(ranking)) for limit in limits)
    return _by_position(ranking, last_a, last_b)


def by_bands(ranking: Ranking, bands: BandSettings) -> dict[str, AbcClass]:
    """S2c: as many customers as reach 80 % and 90 % of revenue, within bounds of their number."""
    if ranking.total == 0:
        return dict.fromkeys((customer for customer, _ in ranking.entries), "C")
    size_a, size_b = _band_sizes(ranking, bands)
    return _by_position(ranking, size_a, size_a + size_b)


def report_bands(ranking: Ranking, bands: BandSettings) -> BandsReport | None:
    """A over 50 %, B from 10 to 20 %, C from 5 to 10 % of the positive revenue; None without any (S2c)."""
    if ranking.total == 0:
        return None
    size_a, size_b = _band_sizes(ranking, bands)
    a, ab = ranking.first(size_a) * 100, ranking.first(size_a + size_b) * 100
    total = ranking.total
    b, c = ab - a, 100 * total - ab
    return BandsReport(
        a_share_pct=percentage(a, 100 * total) or Decimal(0),
        b_share_pct=percentage(b, 100 * total) or Decimal(0),
        c_share_pct=percentage(c, 100 * total) or Decimal(0),
        conforms=a > 50 * total and 10 * total <= b <= 20 * total and 5 * total <= c <= 10 * total,
    )


def _band_sizes(ranking: Ranking, bands: BandSettings) -> tuple[int, int]:
    customers = len(ranking)
    size_a = _clamp(ranking.customers_reaching(bands.a_reach), bands.a_size, customers)
    size_b = _clamp(ranking.customers_reaching(bands.ab_reach) - size_a, bands.b_size, customers)
    return size_a, min(size_b, customers - size_a)


def _clamp(size: int, bounds: tuple[int, int], customers: int) -> int:
    least, most = (share_of_customers(bound, customers) for bound in bounds)
    return max(least, min(size, most))


def _by_position(ranking: Ranking, last_a: int, last_b: int) -> dict[str, AbcClass]:
    """A measure that is not positive is C whatever its rank."""
    return {
        customer: "C" if measure <= 0 or rank > last_b else "A" if rank <= last_a else "B"
        for rank, customer, measure in ranking.ranked()
    }
