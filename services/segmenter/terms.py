"""On which terms a workspace is computed now: its day, its zone, its currency, and the bounds of every window.

Windows follow rule D2: the window of n months at D is (D - n months, D], so each is told by its excluded first day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from shared.domain.calendar import local_day, zone_named
from shared.domain.durations import add_months
from shared.domain.money import minor_units
from shared.domain.thresholds import Settings

_WORKSPACE = """
select w.timezone, w.currency, w.settings, now() + w.clock_offset as now from workspace w where w.id = $1
"""
_OURS = frozenset(Settings.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Terms:
    """A workspace at one instant. `today` is its local date (D1)."""

    workspace_id: UUID
    timezone: str
    currency: str
    now: datetime
    today: date
    settings: Settings


async def terms_of(connection: asyncpg.Connection, workspace_id: UUID) -> Terms:
    """Raises LookupError for an unknown workspace or time zone, InvalidSettings for thresholds nobody can apply."""
    row = await connection.fetchrow(_WORKSPACE, workspace_id)
    if row is None:
        raise LookupError(f"workspace {workspace_id} does not exist")
    own = {name: value for name, value in row["settings"].items() if name in _OURS}
    return Terms(
        workspace_id=workspace_id,
        timezone=row["timezone"],
        currency=row["currency"],
        now=row["now"],
        today=local_day(row["now"], zone_named(row["timezone"])),
        settings=Settings.from_mapping(own),
    )


def metric_terms(terms: Terms) -> dict[str, Any]:
    """The parameter `terms` of `metrics.sql`."""
    settings, risk, lead, today = terms.settings, terms.settings.risk, terms.settings.lead, terms.today
    return {
        "today": today,
        "now": terms.now,
        "zone": terms.timezone,
        "currency": terms.currency,
        "minor_units": minor_units(terms.currency),
        "window_after": add_months(today, -settings.window_months),
        "lost_until": add_months(today, -settings.portfolio_months),
        "dormant_days": settings.dormant_days,
        "survey_after": add_months(today, -settings.nps_months),
        "engagement_after": today - timedelta(days=settings.engagement_days),
        "activity_after": today - timedelta(days=risk.activity_days),
        "activity_before_after": today - timedelta(days=2 * risk.activity_days),
        "activity_pct": risk.activity_pct,
        "complaints_after": today - timedelta(days=risk.complaint_days),
        "complaints_min": risk.complaints,
        "rhythm_days": risk.rhythm_purchases,
        "rhythm_factor": risk.rhythm_factor,
        "nps_max": risk.nps,
        "csat_max": risk.csat,
        "delivered_min": risk.delivered,
        "half_life_days": lead.half_life_days,
        "lead_threshold": lead.threshold,
        "lead_low": lead.minimum,
        "lead_high": lead.maximum,
    }


def ranking_terms(terms: Terms) -> dict[str, Any]:
    """The parameter `terms` of `move_cuts.sql` and `classify.sql`."""
    settings, bands, potential = terms.settings, terms.settings.abc_bands, terms.settings.high_potential
    return {
        "today": terms.today,
        "now": terms.now,
        "pareto_top": settings.pareto_top_pct,
        "cum_a": settings.abc_cum_pct[0],
        "cum_b": settings.abc_cum_pct[1],
        "rank_a": settings.abc_rank_pct[0],
        "rank_b": settings.abc_rank_pct[1],
        "reach_a": bands.a_reach,
        "a_least": bands.a_size[0],
        "a_most": bands.a_size[1],
        "reach_ab": bands.ab_reach,
        "b_least": bands.b_size[0],
        "b_most": bands.b_size[1],
        "margin_pct": potential.margin_pct,
        "headroom_pct": potential.headroom_pct,
    }
