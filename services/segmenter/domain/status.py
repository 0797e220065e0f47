"""Where a customer stands, and who is in the portfolio (rules P1 and P2)."""

from datetime import date
from typing import Literal

from services.segmenter.domain.calendar import months_before
from shared.domain.thresholds import Settings

Status = Literal["prospect", "active", "dormant", "lost"]


def status_of(last_purchase: date | None, as_of: date, settings: Settings) -> Status:
    """P1, in this order: prospect without kept order, lost, active, and dormant for the rest."""
    if last_purchase is None:
        return "prospect"
    if last_purchase <= months_before(as_of, settings.portfolio_months):
        return "lost"
    return "active" if (as_of - last_purchase).days <= settings.dormant_days else "dormant"


def in_portfolio(status: Status) -> bool:
    """The portfolio is active and dormant customers (P2)."""
    return status in ("active", "dormant")
