"""Who deserves more, and who costs more than they bring (rules H1 and Y1)."""

from dataclasses import dataclass
from typing import Literal

from services.segmenter.domain.pareto import ParetoClass
from shared.domain.thresholds import PotentialSettings

Reason = Literal["margin", "headroom"]


@dataclass(frozen=True, slots=True)
class HighPotential:
    """The reasons in the order of the rule; none when the flag is down."""

    flag: bool
    reasons: tuple[Reason, ...]


def assess(
    pareto: ParetoClass, revenue: int, margin: int | None, potential: int | None, settings: PotentialSettings
) -> HighPotential:
    """H1, amounts in minor units; None is unknown and gives no reason."""
    reasons: tuple[Reason, ...] = ()
    if pareto != "big" and revenue > 0:
        if margin is not None and margin * 100 >= settings.margin_pct * revenue:
            reasons += ("margin",)
        if potential is not None and potential > 0 and revenue * 100 <= settings.headroom_pct * potential:
            reasons += ("headroom",)
    return HighPotential(bool(reasons), reasons)


def contribution(margin: int | None, cost_to_serve: int) -> int | None:
    """Y1: what is left of the margin after serving the customer; None when the margin is unknown."""
    return None if margin is None else margin - cost_to_serve
