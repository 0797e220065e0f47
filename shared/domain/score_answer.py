"""One customer's figures under the names of §0: flat as they are recorded, and nested as they are answered.

Flat names are those of `FIGURES`: `status`, `rfm.segment`, `churn_risk.level`. What follows from others and the day is
never recorded, because it would change every night or twice at once: it is in the answer alone (`recency_days`,
`contribution`, `dormant`, the cells and the percentages).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

_RFM: Final = ("r", "f", "m", "segment", "segment_intervals")

METRICS: Final[Mapping[str, str]] = {
    **{name: name for name in (
        "status", "first_purchase", "last_purchase", "orders", "revenue", "margin", "cost_to_serve", "nps_score",
        "nps_class", "csat_last", "lead_score", "qualified",
    )},
    **{f"engagement.{name}": name for name in ("delivered", "opened", "clicked", "social")},
    "churn_risk.level": "churn_level",
    "churn_risk.signals": "churn_signals",
}  # fmt: skip
"""Flat name → column of `customer_metrics`."""

CLASSES: Final[Mapping[str, str]] = {
    **{name: name for name in ("rank", "pareto", "abc_revenue", "abc_rank", "abc_bands", "abc_margin", "costly")},
    **{f"rfm.{name}": f"rfm_{name}" for name in _RFM},
    **{f"rfm_ntile.{name}": f"ntile_{name}" for name in _RFM},
    "high_potential.flag": "high_potential",
    "high_potential.reasons": "high_potential_reasons",
}
"""Flat name → column of `customer_scores`."""

FIGURES: Final = (*METRICS, *CLASSES)

Figures = Mapping[str, Any]


def figures_of(metrics: Mapping[str, Any], scores: Mapping[str, Any] | None) -> dict[str, Any]:
    """The flat figures of the two rows, columns by name; without scores the classes are None."""
    flat = {name: metrics[column] for name, column in METRICS.items()}
    return flat | {name: None if scores is None else scores[column] for name, column in CLASSES.items()}


def score_answer(figures: Figures, *, as_of: date, decimals: int) -> dict[str, Any]:
    """The answer of §0 at a local day, from flat figures as columns hold them or as JSON gives them back.

    A figure that is missing is unknown, and so is a group whose first figure is: null, never 0 (O1, O2).
    """
    get = figures.get
    margin, cost = _decimal(get("margin")), _decimal(get("cost_to_serve"))
    status = get("status")
    return {
        "status": status,
        "first_purchase": _day(get("first_purchase")),
        "last_purchase": _day(get("last_purchase")),
        "recency_days": _days_since(_day(get("last_purchase")), as_of),
        "orders": get("orders"),
        "revenue": _money(_decimal(get("revenue")), decimals),
        "margin": _money(margin, decimals),
        **{name: get(name) for name in ("rank", "pareto", "abc_revenue", "abc_rank", "abc_bands", "abc_margin")},
        "rfm": _rfm(figures, "rfm"),
        "rfm_ntile": _rfm(figures, "rfm_ntile"),
        "nps_score": get("nps_score"),
        "nps_class": get("nps_class"),
        "csat_last": get("csat_last"),
        "engagement": _engagement(figures),
        "churn_risk": _group(figures, "churn_risk", "level", "signals"),
        "dormant": None if status is None else status == "dormant",
        "high_potential": _group(figures, "high_potential", "flag", "reasons"),
        "cost_to_serve": _money(cost, decimals),
        "contribution": None if margin is None or cost is None else _money(margin - cost, decimals),
        "costly": get("costly"),
        "lead_score": _number(get("lead_score")),
        "qualified": get("qualified"),
    }


def _group(figures: Figures, group: str, *names: str) -> dict[str, Any] | None:
    if figures.get(f"{group}.{names[0]}") is None:
        return None
    return {name: figures.get(f"{group}.{name}") for name in names}


def _rfm(figures: Figures, group: str) -> dict[str, Any] | None:
    found = _group(figures, group, *_RFM)
    if found is None:
        return None
    r, f, m = (found[axis] for axis in "rfm")
    return {"r": r, "f": f, "m": m, "cell": f"{r}{f}{m}", **found}


def _engagement(figures: Figures) -> dict[str, Any] | None:
    counts = _group(figures, "engagement", "delivered", "opened", "clicked", "social")
    if counts is None:
        return None
    return {
        "delivered": counts["delivered"],
        "opened": counts["opened"],
        "clicked": counts["clicked"],
        "rate_pct": percentage(counts["opened"], counts["delivered"]),
        "click_rate_pct": percentage(counts["clicked"], counts["delivered"]),
        "social": counts["social"],
    }


def percentage(part: int | None, whole: int | None) -> float | None:
    """0..100, six decimals, half to even from the exact value (O2); None without a whole."""
    return float(round(Fraction(100 * part, whole), 6)) if whole and part is not None else None


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _money(value: Decimal | None, decimals: int) -> str | None:
    return None if value is None else f"{value:.{decimals}f}"


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 6)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _days_since(day: date | None, as_of: date) -> int | None:
    return None if day is None else (as_of - day).days
