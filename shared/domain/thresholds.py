"""The thresholds of the methods (§14): defaults, and the checking of an account's own values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from shared.domain.overrides import InvalidSettings, SettingFault, override


def _whole(default: int, low: int, high: int) -> Any:
    """A whole number from `low` to `high`."""
    return field(default=default, metadata={"low": low, "high": high})


def _pair(default: tuple[int, int]) -> Any:
    """Two percentages, the first not greater than the second."""
    return field(default=default, metadata={"low": 0, "high": 100})


@dataclass(frozen=True, slots=True)
class BandSettings:
    """Rule S2c: shares of revenue to reach, and the least and most percentage of customers of classes A and B."""

    a_reach: int = _whole(80, 1, 100)
    a_size: tuple[int, int] = _pair((10, 20))
    ab_reach: int = _whole(90, 1, 100)
    b_size: tuple[int, int] = _pair((20, 30))


@dataclass(frozen=True, slots=True)
class RiskSettings:
    """Rules V1 to V5. The satisfaction thresholds are the greatest scores that still count as dissatisfied."""

    activity_days: int = _whole(90, 1, 3650)
    activity_pct: int = _whole(50, 0, 100)
    complaint_days: int = _whole(90, 1, 3650)
    complaints: int = _whole(2, 1, 1000)
    rhythm_purchases: int = _whole(3, 2, 1000)
    rhythm_factor: int = _whole(2, 1, 100)
    nps: int = _whole(6, 0, 10)
    csat: int = _whole(2, 1, 5)
    delivered: int = _whole(5, 1, 1000)


@dataclass(frozen=True, slots=True)
class PotentialSettings:
    """Rule H1: least margin in % of revenue, and greatest revenue in % of the potential."""

    margin_pct: int = _whole(40, 0, 100)
    headroom_pct: int = _whole(50, 0, 100)


@dataclass(frozen=True, slots=True)
class ConcentrationSettings:
    """Rule X1: alert thresholds in %, and the limits of the Herfindahl-Hirschman index."""

    top1_pct: int = _whole(25, 0, 100)
    top5_pct: int = _whole(60, 0, 100)
    moderate_from: int = _whole(1000, 0, 10_000)
    high_above: int = _whole(1800, 0, 10_000)


@dataclass(frozen=True, slots=True)
class LeadSettings:
    """Rule L1."""

    half_life_days: int = _whole(30, 1, 3650)
    threshold: int = _whole(50, -10_000, 10_000)
    minimum: int = _whole(0, -10_000, 10_000)
    maximum: int = _whole(100, -10_000, 10_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """All thresholds of an account."""

    window_months: int = _whole(12, 1, 120)
    portfolio_months: int = _whole(24, 1, 240)
    active_months: int = _whole(12, 1, 120)
    dormant_days: int = _whole(180, 1, 3650)
    pareto_top_pct: int = _whole(20, 1, 100)
    abc_cum_pct: tuple[int, int] = _pair((80, 95))
    abc_rank_pct: tuple[int, int] = _pair((20, 40))
    abc_bands: BandSettings = field(default_factory=BandSettings)
    nps_months: int = _whole(12, 1, 120)
    csat_satisfied_min: int = _whole(4, 1, 5)
    engagement_days: int = _whole(90, 1, 3650)
    risk: RiskSettings = field(default_factory=RiskSettings)
    high_potential: PotentialSettings = field(default_factory=PotentialSettings)
    concentration: ConcentrationSettings = field(default_factory=ConcentrationSettings)
    lead: LeadSettings = field(default_factory=LeadSettings)

    @classmethod
    def from_mapping(cls, overrides: Mapping[str, object]) -> Self:
        """The defaults with these overrides, nested as here; pairs are lists of two. Raises `InvalidSettings`."""
        settings = override(cls(), overrides)
        faults = [
            SettingFault(pointer, "bad_order", detail) for kept, pointer, detail in _promises(settings) if not kept
        ]
        if faults:
            raise InvalidSettings(*faults)
        return settings


def _promises(settings: Settings) -> tuple[tuple[bool, str, str], ...]:
    """What must hold between settings."""
    index, lead, bands = settings.concentration, settings.lead, settings.abc_bands
    return (
        (bands.a_reach <= bands.ab_reach, "#/abc_bands/ab_reach", "ab_reach is less than a_reach"),
        (
            index.moderate_from <= index.high_above,
            "#/concentration/high_above",
            "high_above is less than moderate_from",
        ),
        (lead.minimum <= lead.maximum, "#/lead/maximum", "the maximum is less than the minimum"),
    )
