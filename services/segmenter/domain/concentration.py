"""Dependency on few customers (rule X1)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from services.segmenter.domain.ranking import Ranking, share_of_customers
from services.segmenter.domain.ratios import percentage, six_decimals
from shared.domain.thresholds import ConcentrationSettings

Level = Literal["low", "moderate", "high"]
_FEW_CUSTOMERS = 5
_TOP_PCT = 20


@dataclass(frozen=True, slots=True)
class Concentration:
    """Shares in % of the positive revenue; HHI from 0 (excluded) to 10000. All None without positive revenue."""

    top1_pct: Decimal | None = None
    top5_pct: Decimal | None = None
    top20pct_pct: Decimal | None = None
    hhi: Decimal | None = None
    normalised: Decimal | None = None
    effective_customers: Decimal | None = None
    level: Level | None = None
    alert: bool = False


def measure(ranking: Ranking, settings: ConcentrationSettings) -> Concentration:
    """X1 on the ranking of the portfolio's revenues."""
    total = ranking.total
    if total == 0:
        return Concentration()
    positive = [measure for _, measure in ranking.entries if measure > 0]
    index = Fraction(sum(measure * measure for measure in positive), total * total)
    top1, top5 = ranking.first(1), ranking.first(_FEW_CUSTOMERS)
    return Concentration(
        top1_pct=percentage(top1, total),
        top5_pct=percentage(top5, total),
        top20pct_pct=percentage(ranking.first(share_of_customers(_TOP_PCT, len(ranking))), total),
        hhi=six_decimals(index * 10_000),
        normalised=six_decimals(_normalised(index, len(positive))),
        effective_customers=six_decimals(1 / index),
        level=_level(index * 10_000, settings),
        alert=top1 * 100 >= settings.top1_pct * total or top5 * 100 >= settings.top5_pct * total,
    )


def _normalised(index: Fraction, customers: int) -> Fraction:
    """From 0 (all equal) to 1 (one has everything, or there is one only)."""
    return (index - Fraction(1, customers)) / (1 - Fraction(1, customers)) if customers > 1 else Fraction(1)


def _level(hhi: Fraction, settings: ConcentrationSettings) -> Level:
    if hhi < settings.moderate_from:
        return "low"
    return "moderate" if hhi <= settings.high_above else "high"
