"""What the segmenter would have written, arranged by hand."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

METRICS: dict[str, Any] = {
    "as_of": date(2026, 3, 15), "computed_at": datetime.fromisoformat("2026-03-15T08:00:00+00:00"), "tie_break": "",
    "status": "active", "first_purchase": date(2025, 1, 2), "last_purchase": date(2026, 3, 1), "orders": 4,
    "revenue": 1200, "margin": 500, "cost_to_serve": 20, "nps_score": 9, "nps_class": "promoter", "csat_last": None,
    "delivered": 3, "opened": 1, "clicked": 0, "social": 2, "churn_signals": ["overdue"], "churn_level": "medium",
    "lead_score": 12.5, "qualified": False,
}  # fmt: skip
SCORES: dict[str, Any] = {
    "computed_at": datetime.fromisoformat("2026-03-15T08:00:05+00:00"), "rank": 1, "pareto": "big",
    "abc_revenue": "A", "abc_rank": "A", "abc_bands": "A", "abc_margin": "B", "rfm_r": 5, "rfm_f": 4, "rfm_m": 5,
    "rfm_segment": "champions", "rfm_segment_intervals": "others", "ntile_r": 5, "ntile_f": 5, "ntile_m": 5,
    "ntile_segment": "champions", "ntile_segment_intervals": "champions", "high_potential": False,
    "high_potential_reasons": [], "costly": False,
}  # fmt: skip


async def computed(
    owner: asyncpg.Connection, customer: dict[str, Any], *, portfolio: bool = True, **values: Any
) -> None:
    """Metrics of a customer, and its classes if it is in the portfolio."""
    ids = {"workspace_id": await workspace_of(owner, customer), "customer_id": UUID(customer["id"])}
    metrics = METRICS | {name: value for name, value in values.items() if name in METRICS}
    await insert(owner, "customer_metrics", ids | metrics)
    if portfolio:
        scores = SCORES | {name: value for name, value in values.items() if name in SCORES}
        await insert(owner, "customer_scores", ids | scores)


async def workspace_of(owner: asyncpg.Connection, customer: dict[str, Any]) -> UUID:
    found = await owner.fetchval("select workspace_id from customer where id = $1", UUID(customer["id"]))
    return UUID(str(found))


async def insert(
    owner: asyncpg.Connection, table: str, values: dict[str, Any], *, returning: str = "workspace_id"
) -> Any:
    """A row; dictionaries become JSON."""
    columns = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    encoded = [json.dumps(value) if isinstance(value, dict) else value for value in values.values()]
    statement = f"insert into {table} ({columns}) values ({places}) returning {returning}"  # noqa: S608  Test's own.
    return await owner.fetchval(statement, *encoded)


async def new_user(owner: asyncpg.Connection, workspace: UUID, *, role: str = "rep", **values: Any) -> UUID:
    name = values.get("name", "Alix Petit")
    row = {"workspace_id": workspace, "email": f"{name.replace(' ', '.')}@acme.example", "name": name, "role": role}
    found = await insert(owner, "user_account", row | values, returning="id")
    return UUID(str(found))
