"""The risk that a customer leaves (rules V1 to V5): five signals, and a level by their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from services.segmenter.domain.calendar import days_before, last_days
from services.segmenter.domain.engagement import Engagement, Touch
from services.segmenter.domain.orders import Ledger
from shared.domain.thresholds import RiskSettings

Signal = Literal["activity_drop", "repeated_complaints", "overdue", "dissatisfied", "disengaged"]
Level = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class ChurnRisk:
    """The signals in the order of the rules."""

    level: Level
    signals: tuple[Signal, ...]


def assess(
    ledger: Ledger,
    touches: Sequence[Touch],
    engagement: Engagement,
    *,
    nps: int | None,
    csat: int | None,
    as_of: date,
    settings: RiskSettings,
) -> ChurnRisk:
    """For customers of the portfolio only: a customer who is lost is no longer at risk."""
    found: dict[Signal, bool] = {
        "activity_drop": activity_drops(ledger, as_of, settings),
        "repeated_complaints": complains_repeatedly(touches, as_of, settings),
        "overdue": is_overdue(ledger.purchase_days, as_of, settings),
        "dissatisfied": (nps is not None and nps <= settings.nps) or (csat is not None and csat <= settings.csat),
        "disengaged": engagement.delivered >= settings.delivered and engagement.opened == 0,
    }
    signals = tuple(signal for signal, holds in found.items() if holds)
    levels: tuple[Level, ...] = ("low", "medium", "high")
    return ChurnRisk(levels[min(len(signals), 2)], signals)


def activity_drops(ledger: Ledger, as_of: date, settings: RiskSettings) -> bool:
    """V1: revenue of the last 90 days strictly below 50 % of a positive one of the 90 days before."""
    recent = last_days(as_of, settings.activity_days)
    before = ledger.revenue(days_before(recent, settings.activity_days))
    return before > 0 and ledger.revenue(recent) * 100 < settings.activity_pct * before


def complains_repeatedly(touches: Sequence[Touch], as_of: date, settings: RiskSettings) -> bool:
    """V2: at least 2 complaints in the last 90 days."""
    window = last_days(as_of, settings.complaint_days)
    return sum(touch.kind == "complaint" and touch.day in window for touch in touches) >= settings.complaints


def is_overdue(purchase_days: Sequence[date], as_of: date, settings: RiskSettings) -> bool:
    """V3: at least 3 distinct purchase days, and silent for strictly more than twice the median gap between them."""
    if len(purchase_days) < settings.rhythm_purchases:
        return False
    gaps = sorted((later - earlier).days for earlier, later in pairwise(purchase_days))
    twice_median = gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]
    return 2 * (as_of - purchase_days[-1]).days > settings.rhythm_factor * twice_median
