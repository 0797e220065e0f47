"""Where each field of a rule lives: its name, the expression that reads it, and what kind of value that is.

The names are those of the catalogue (`shared.domain.rules`); `tests` prove that none is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, Numeric, Text, case, cast, func, literal, null

from shared.domain.rules.fields import CUSTOM_PREFIX
from shared.domain.rules.viewpoint import Viewpoint
from shared.models.customers import Customer
from shared.models.scores import CustomerMetrics, CustomerScores

# A code is a text of ours, written in one way only; so it needs no folding. An id is a UUID.
Kind = Literal["text", "code", "id", "number", "boolean", "date", "birthday", "instant", "list", "custom", "segments"]


@dataclass(frozen=True, slots=True)
class Column:
    """An expression and its kind; an empty text is null already. `previous` is the value before its last change."""

    expression: ColumnElement[Any]
    kind: Kind
    previous: ColumnElement[Any] | None = None


def column_of(name: str, view: Viewpoint) -> Column:
    """The column of a field. Raises KeyError for a name that is in no catalogue."""
    if name.startswith(CUSTOM_PREFIX):
        return Column(Customer.custom_fields[name.removeprefix(CUSTOM_PREFIX)], "custom")
    if name == "segments":
        return Column(null(), "segments")
    if name == "scores.recency_days":
        return Column(literal(view.today, Date) - CustomerMetrics.last_purchase, "number")
    return _COLUMNS[name]


def names() -> frozenset[str]:
    """Every fixed field there is a column for."""
    return frozenset({*_COLUMNS, "segments", "scores.recency_days"})


def _text(expression: Any) -> Column:
    return Column(func.nullif(expression, "", type_=Text), "text")


def _of(kind: Kind) -> Callable[[Any], Column]:
    return lambda expression: Column(expression, kind)


_id, _number, _boolean, _date, _list = _of("id"), _of("number"), _of("boolean"), _of("date"), _of("list")


def _metric_class(expression: Any, name: str) -> Column:
    return Column(expression, "code", CustomerMetrics.previous[name].astext)


def _class(expression: Any, name: str) -> Column:
    return Column(expression, "code", CustomerScores.previous[name].astext)


def _percentage(part: Any, whole: Any) -> Column:
    """Rule O2: six decimals; no value without a whole."""
    return _number(func.round(cast(100 * part, Numeric) / func.nullif(whole, 0), 6, type_=Numeric))


def _rfm(name: str, quintiles: tuple[Any, Any, Any], segment: Any, intervals: Any) -> dict[str, Column]:
    r, f, m = quintiles
    cell = case((r.is_not(None), func.concat(r, f, m, type_=Text)))
    return {
        f"scores.{name}.r": _number(r),
        f"scores.{name}.f": _number(f),
        f"scores.{name}.m": _number(m),
        f"scores.{name}.cell": Column(cell, "text"),
        f"scores.{name}.segment": _class(segment, f"{name}.segment"),
        f"scores.{name}.segment_intervals": _class(intervals, f"{name}.segment_intervals"),
    }


_CUSTOMER: dict[str, Column] = {
    "id": _id(Customer.id),
    "created_at": _of("instant")(Customer.created_at),
    "birth_date": _of("birthday")(Customer.birth_date),
    "owner_id": _id(Customer.owner_id),
    "potential_annual_revenue": _number(Customer.potential_annual_revenue),
    "lead_fit": _number(Customer.lead_fit),
    "employees": _number(Customer.employees),
    "annual_revenue": _number(Customer.annual_revenue),
    **{name: _list(getattr(Customer, name)) for name in ("secondary_owner_ids", "tags", "competitors", "interests")},
    **{f"address.{name}": _text(getattr(Customer, name)) for name in ("postal_code", "city", "region", "country")},
    "address.line1": _text(Customer.address_line1),
    "address.line2": _text(Customer.address_line2),
    **{
        name: _text(getattr(Customer, name))
        for name in (
            "external_id", "kind", "name", "lifecycle", "email", "phone", "preferred_channel", "language", "timezone",
            "acquisition_channel", "siren", "siret", "vat_number", "sector", "sex", "csp", "family_situation",
            "income_bracket",
        )
    },
}  # fmt: skip

_METRICS: dict[str, Column] = {
    "scores.status": _metric_class(CustomerMetrics.status, "status"),
    "scores.first_purchase": _date(CustomerMetrics.first_purchase),
    "scores.last_purchase": _date(CustomerMetrics.last_purchase),
    "scores.orders": _number(CustomerMetrics.orders),
    "scores.revenue": _number(CustomerMetrics.revenue),
    "scores.margin": _number(CustomerMetrics.margin),
    "scores.dormant": _boolean(CustomerMetrics.status == "dormant"),
    "scores.cost_to_serve": _number(CustomerMetrics.cost_to_serve),
    "scores.contribution": _number(CustomerMetrics.margin - CustomerMetrics.cost_to_serve),
    "scores.nps_score": _number(CustomerMetrics.nps_score),
    "scores.nps_class": _metric_class(CustomerMetrics.nps_class, "nps_class"),
    "scores.csat_last": _number(CustomerMetrics.csat_last),
    "scores.engagement.delivered": _number(CustomerMetrics.delivered),
    "scores.engagement.opened": _number(CustomerMetrics.opened),
    "scores.engagement.clicked": _number(CustomerMetrics.clicked),
    "scores.engagement.rate_pct": _percentage(CustomerMetrics.opened, CustomerMetrics.delivered),
    "scores.engagement.click_rate_pct": _percentage(CustomerMetrics.clicked, CustomerMetrics.delivered),
    "scores.engagement.social": _number(CustomerMetrics.social),
    "scores.churn_risk.level": _metric_class(CustomerMetrics.churn_level, "churn_risk.level"),
    "scores.churn_risk.signals": _list(CustomerMetrics.churn_signals),
    "scores.lead_score": _number(CustomerMetrics.lead_score),
    "scores.qualified": _boolean(CustomerMetrics.qualified),
}

_SCORES: dict[str, Column] = {
    "scores.rank": _number(CustomerScores.rank),
    **{
        f"scores.{name}": _class(getattr(CustomerScores, name), name)
        for name in ("pareto", "abc_revenue", "abc_rank", "abc_bands", "abc_margin")
    },
    **_rfm("rfm", (CustomerScores.rfm_r, CustomerScores.rfm_f, CustomerScores.rfm_m),
           CustomerScores.rfm_segment, CustomerScores.rfm_segment_intervals),
    **_rfm("rfm_ntile", (CustomerScores.ntile_r, CustomerScores.ntile_f, CustomerScores.ntile_m),
           CustomerScores.ntile_segment, CustomerScores.ntile_segment_intervals),
    "scores.high_potential.flag": _boolean(CustomerScores.high_potential),
    "scores.high_potential.reasons": _list(CustomerScores.high_potential_reasons),
    "scores.costly": _boolean(CustomerScores.costly),
}  # fmt: skip

_COLUMNS = _CUSTOMER | _METRICS | _SCORES
