"""The computed figures of a customer, by the names of their definitions, as fields `scores.<name>`."""

from dataclasses import replace
from typing import Final

from shared.domain.rules.fields import SCORE_PREFIX, Field
from shared.domain.rules.operators import OPERATORS_OF, FieldType

STATUSES: Final = ("prospect", "active", "dormant", "lost")
PARETO_CLASSES: Final = ("big", "small")
ABC_CLASSES: Final = ("A", "B", "C")
NPS_CLASSES: Final = ("promoter", "passive", "detractor")
RISK_LEVELS: Final = ("low", "medium", "high")
RISK_SIGNALS: Final = ("activity_drop", "repeated_complaints", "overdue", "dissatisfied", "disengaged")
POTENTIAL_REASONS: Final = ("margin", "headroom")
RFM_SEGMENTS: Final = (
    "champions",
    "loyal_customers",
    "potential_loyalists",
    "new_customers",
    "promising",
    "need_attention",
    "about_to_sleep",
    "at_risk",
    "cant_lose_them",
    "hibernating",
)
RFM_INTERVAL_SEGMENTS: Final = (
    "champions",
    "potential_loyalist",
    "loyal_customers",
    "promising",
    "new_customers",
    "cant_lose_them",
    "at_risk",
    "need_attention",
    "about_to_sleep",
    "lost",
    "others",
)


def _figure(rule: str, name: str, fr: str, en: str, kind: FieldType, *, unit: str | None = None) -> Field:
    return Field(SCORE_PREFIX + name, fr, en, kind, unit=unit, description=rule)


def _class(rule: str, name: str, fr: str, en: str, values: tuple[str, ...]) -> Field:
    """A class with a recorded history, so a rule may ask what it was before."""
    operators = (*OPERATORS_OF["enum"], "changedFrom")
    return Field(SCORE_PREFIX + name, fr, en, "enum", operators, values, description=rule)


def _codes(rule: str, name: str, fr: str, en: str, values: tuple[str, ...]) -> Field:
    return Field(SCORE_PREFIX + name, fr, en, "list", values=values, description=rule)


def _together(group: str, *fields: Field) -> tuple[Field, ...]:
    return tuple(replace(field, group=group) for field in fields)


def _rfm(name: str, fr: str, en: str) -> tuple[Field, ...]:
    by_intervals = (f"{fr}, segment par intervalles", f"{en}, segment by intervals")
    return _together(
        "rfm",
        _figure("S3", f"{name}.r", f"{fr}, récence", f"{en}, recency", "number"),
        _figure("S3", f"{name}.f", f"{fr}, fréquence", f"{en}, frequency", "number"),
        _figure("S3", f"{name}.m", f"{fr}, montant", f"{en}, monetary", "number"),
        _figure("S3", f"{name}.cell", f"{fr}, cellule", f"{en}, cell", "text"),
        _class("S3b", f"{name}.segment", f"{fr}, segment", f"{en}, segment", RFM_SEGMENTS),
        _class("S4", f"{name}.segment_intervals", *by_intervals, RFM_INTERVAL_SEGMENTS),
    )


SCORE_FIELDS: Final = (
    *_together(
        "purchases",
        _class("P1", "status", "Statut", "Status", STATUSES),
        _figure("P1", "dormant", "Dormant", "Dormant", "boolean"),
        _figure("T7", "first_purchase", "Premier achat", "First purchase", "date"),
        _figure("T7", "last_purchase", "Dernier achat", "Last purchase", "date"),
        _figure("T7", "recency_days", "Jours depuis le dernier achat", "Recency", "number", unit="days"),
        _figure("T7", "orders", "Commandes sur 12 mois", "Orders in 12 months", "number"),
        _figure("T4", "revenue", "Chiffre d'affaires sur 12 mois", "Revenue in 12 months", "money", unit="currency"),
        _figure("T6", "margin", "Marge sur 12 mois", "Margin in 12 months", "money", unit="currency"),
    ),
    *_together(
        "value",
        _figure("R1", "rank", "Rang par chiffre d'affaires", "Rank by revenue", "number"),
        _class("S1", "pareto", "Pareto 20/80", "Pareto 20/80", PARETO_CLASSES),
        _class("S2a", "abc_revenue", "ABC par chiffre d'affaires cumulé", "ABC by cumulated revenue", ABC_CLASSES),
        _class("S2b", "abc_rank", "ABC par rang", "ABC by rank", ABC_CLASSES),
        _class("S2c", "abc_bands", "ABC par tranches", "ABC by bands", ABC_CLASSES),
        _class("S2d", "abc_margin", "ABC par marge", "ABC by margin", ABC_CLASSES),
        _figure("H1", "high_potential.flag", "Fort potentiel", "High potential", "boolean"),
        _codes("H1", "high_potential.reasons", "Raisons du potentiel", "Reasons of the potential", POTENTIAL_REASONS),
        _figure("Y1", "cost_to_serve", "Coût de la relation", "Cost to serve", "money", unit="currency"),
        _figure("Y1", "contribution", "Contribution", "Contribution", "money", unit="currency"),
        _figure("Y1", "costly", "Client coûteux", "Costly customer", "boolean"),
    ),
    *_rfm("rfm", "RFM", "RFM"),
    *_rfm("rfm_ntile", "RFM par quintiles égaux", "RFM by equal quintiles"),
    *_together(
        "satisfaction",
        _figure("N1", "nps_score", "Dernière note NPS", "Last NPS score", "number"),
        _class("N1", "nps_class", "Classe NPS", "NPS class", NPS_CLASSES),
        _figure("N1", "csat_last", "Dernière note CSAT", "Last CSAT score", "number"),
    ),
    *_together(
        "engagement",
        _figure("E1", "engagement.delivered", "Messages remis", "Messages delivered", "number"),
        _figure("E1", "engagement.opened", "Messages ouverts", "Messages opened", "number"),
        _figure("E1", "engagement.clicked", "Messages cliqués", "Messages clicked", "number"),
        _figure("E1", "engagement.rate_pct", "Taux d'engagement", "Engagement rate", "number", unit="percent"),
        _figure("E1", "engagement.click_rate_pct", "Taux de clic", "Click rate", "number", unit="percent"),
        _figure("E1", "engagement.social", "Interactions sociales", "Social interactions", "number"),
    ),
    *_together(
        "risk",
        _class("V1-V5", "churn_risk.level", "Risque de départ", "Churn risk", RISK_LEVELS),
        _codes("V1-V5", "churn_risk.signals", "Signaux de départ", "Churn signals", RISK_SIGNALS),
    ),
    *_together(
        "lead",
        _figure("L1", "lead_score", "Score du prospect", "Lead score", "number", unit="points"),
        _figure("L1", "qualified", "Prospect qualifié", "Qualified lead", "boolean"),
    ),
)
