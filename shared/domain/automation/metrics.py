"""What a threshold alert may watch: figures of one customer (`scores.…`) and of the workspace (`kpi.…`)."""

from typing import Final

from shared.domain.rules.score_fields import SCORE_FIELDS

# Figures of a period (rules T4, K1, K3). An alert on a figure that nobody computes would never be raised, so the
# others of definitions.md §11 are refused until they are computed.
KPI_METRICS: Final = frozenset({"kpi.revenue", "kpi.orders", "kpi.active_clients", "kpi.average_order_value"})
SCORE_METRICS: Final = frozenset(
    field.name for field in SCORE_FIELDS if field.type in {"number", "money", "enum", "boolean"}
)
KNOWN_METRICS: Final = KPI_METRICS | SCORE_METRICS
