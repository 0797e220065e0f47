"""Every per-customer figure (§0), and its flat form under the names that rules and answers use."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal

from services.segmenter.domain.abc import AbcClass
from services.segmenter.domain.churn import ChurnRisk
from services.segmenter.domain.engagement import Engagement
from services.segmenter.domain.pareto import ParetoClass
from services.segmenter.domain.potential import HighPotential
from services.segmenter.domain.rfm import Rfm
from services.segmenter.domain.satisfaction import NpsClass
from services.segmenter.domain.status import Status


@dataclass(frozen=True, slots=True)
class RelativeClasses:
    """What depends on the other customers of the portfolio: all None for anybody else, `abc_margin` if unknown."""

    rank: int | None = None
    pareto: ParetoClass | None = None
    abc_revenue: AbcClass | None = None
    abc_rank: AbcClass | None = None
    abc_bands: AbcClass | None = None
    abc_margin: AbcClass | None = None
    rfm: Rfm | None = None
    rfm_ntile: Rfm | None = None


@dataclass(frozen=True, slots=True)
class CustomerScores:
    """Money in the account's currency with its decimals; None is unknown, undefined, or "not of the portfolio"."""

    status: Status
    first_purchase: date | None
    last_purchase: date | None
    recency_days: int | None
    orders: int
    revenue: Decimal
    margin: Decimal | None
    rank: int | None
    pareto: ParetoClass | None
    abc_revenue: AbcClass | None
    abc_rank: AbcClass | None
    abc_bands: AbcClass | None
    abc_margin: AbcClass | None
    rfm: Rfm | None
    rfm_ntile: Rfm | None
    nps_score: int | None
    nps_class: NpsClass | None
    csat_last: int | None
    engagement: Engagement
    churn_risk: ChurnRisk | None
    dormant: bool
    high_potential: HighPotential | None
    cost_to_serve: Decimal
    contribution: Decimal | None
    costly: bool | None
    lead_score: Decimal
    qualified: bool


_PARTS = {"rfm": Rfm, "rfm_ntile": Rfm, "churn_risk": ChurnRisk, "high_potential": HighPotential}


def flatten(scores: CustomerScores) -> dict[str, object]:
    """`{"status": ..., "rfm.segment": ..., ...}`: every name is there, with None where its part is."""
    flat: dict[str, object] = {}
    for field in fields(scores):
        value = getattr(scores, field.name)
        part = _PARTS.get(field.name, type(value))
        if is_dataclass(part):
            flat |= {f"{field.name}.{inner.name}": getattr(value, inner.name, None) for inner in fields(part)}
        else:
            flat[field.name] = value
    return flat
