"""The few figures of definitions.md that the demonstration promises, computed the slow and obvious way from its rows.

Good enough for rows in the account's currency whose orders are never fully refunded on their last purchase.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from services.cli.demo.portfolio import Portfolio, Row

PARIS = ZoneInfo("Europe/Paris")
LEAD_POINTS = {
    "email_opened": 1, "email_clicked": 3, "social": 2, "web_visit": 2, "download": 10, "form": 15, "call": 5,
    "meeting": 20, "event": 10, "unsubscribe": -20,
}  # fmt: skip


def age(row: Row, today: date, field: str = "occurred_at") -> int:
    happened_at: datetime = row[field]
    return (today - happened_at.astimezone(PARIS).date()).days


def by_customer(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["customer_external_id"]].append(row)
    return grouped


def kept_orders(rows: list[Row]) -> Iterator[Row]:
    """The sales whose order is worth something (T3)."""
    worth: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        worth[row.get("order_id") or row["external_id"]] += row["amount"]
    return (row for row in rows if row["kind"] == "sale" and worth[row.get("order_id") or row["external_id"]] > 0)


def recency(portfolio: Portfolio, today: date) -> dict[str, int]:
    """Days since the last purchase of everybody who ever bought."""
    ages: dict[str, int] = {}
    for customer, rows in by_customer(portfolio.transactions).items():
        bought = [age(row, today) for row in kept_orders(rows)]
        if bought:
            ages[customer] = min(bought)
    return ages


def status(days: int | None) -> str:
    """P1, with two years of 730 days: the demonstration keeps away from the exact border."""
    if days is None:
        return "prospect"
    return "lost" if days >= 730 else "active" if days <= 180 else "dormant"


def revenue(portfolio: Portfolio, today: date, days: int = 365) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for row in portfolio.transactions:
        if age(row, today) < days:
            total[row["customer_external_id"]] += row["amount"]
    return total


def rfm_cells(portfolio: Portfolio, today: date) -> dict[str, tuple[int, int]]:
    """R and F of everybody in the portfolio: 1 + floor(5 * how many are strictly worse / all) (S3)."""
    recencies = {customer: days for customer, days in recency(portfolio, today).items() if days < 730}
    orders = {
        customer: sum(age(row, today) < 365 for row in kept_orders(rows))
        for customer, rows in by_customer(portfolio.transactions).items()
        if customer in recencies
    }
    size = len(recencies)
    return {
        customer: (
            1 + 5 * sum(other > days for other in recencies.values()) // size,
            1 + 5 * sum(other < orders[customer] for other in orders.values()) // size,
        )
        for customer, days in recencies.items()
    }


def lead_score(customer: Row, interactions: list[Row], today: date) -> float:
    points = sum(LEAD_POINTS.get(row["kind"], 0) * math.pow(0.5, age(row, today) / 30) for row in interactions)
    return min(100.0, max(0.0, float(customer["lead_fit"]) + points))
