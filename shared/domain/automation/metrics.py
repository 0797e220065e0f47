"""What a threshold alert may watch: figures of one customer (`scores.…`) and of the workspace (`kpi.…`)."""

from typing import Final

from shared.domain.rules.score_fields import SCORE_FIELDS

# Names of the answer of /v1/kpis, rules K1 to K9, N2 and N3.
KPI_METRICS: Final = frozenset(
    f"kpi.{name}"
    for name in (
        "revenue", "orders", "average_order_value", "active_clients", "new_clients", "reactivated_clients",
        "lost_clients", "retention_pct", "retention_strict_pct", "churn_pct", "cac", "conversion_period_pct",
        "conversion_stock_pct", "margin", "margin_rate", "margin_per_buyer", "revenue_per_buyer", "ltv", "clv",
        "market_share_pct", "nps", "csat_pct",
    )
)  # fmt: skip
SCORE_METRICS: Final = frozenset(
    field.name for field in SCORE_FIELDS if field.type in {"number", "money", "enum", "boolean"}
)
KNOWN_METRICS: Final = KPI_METRICS | SCORE_METRICS
