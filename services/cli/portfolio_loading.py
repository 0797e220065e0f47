"""Put a portfolio of plain rows into a workspace: everything or nothing, a few statements a table.

A history that is loaded is no news, as after the import of a file: only the customers are told, and whoever hears of
them reads the facts behind them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.cli.demo.portfolio import Portfolio, Row
from shared.db.base import Base
from shared.domain.ids import uuid7
from shared.events.customers import CustomerCreated
from shared.models import (
    Complaint,
    Consent,
    Contract,
    Customer,
    Interaction,
    Opportunity,
    Product,
    SurveyResponse,
    Team,
    Transaction,
    UserAccount,
)
from shared.outbox.append import append

ADDRESS: Final = {"line1": "address_line1", "line2": "address_line2", "postal_code": "postal_code", "city": "city",
                  "region": "region", "country": "country"}  # fmt: skip


@dataclass(slots=True)
class _Ids:
    """What rows are called in the portfolio, and their new ids."""

    teams: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    products: dict[str, UUID] = field(default_factory=dict)
    customers: dict[str, UUID] = field(default_factory=dict)


async def load_portfolio(session: AsyncSession, workspace_id: UUID, portfolio: Portfolio, now: datetime) -> int:
    """The number of rows written. The caller knows that none of them is there yet."""
    ids = _Ids(
        teams={row["name"]: uuid7() for row in portfolio.teams},
        users={row["email"]: uuid7() for row in portfolio.users},
        products={row["external_id"]: uuid7() for row in portfolio.products},
        customers={row["external_id"]: uuid7() for row in portfolio.customers},
    )
    written = 0
    for model, rows in _tables(portfolio, ids):
        written += await _write(session, model, [{**row, "workspace_id": workspace_id} for row in rows], now)
    await append(session, workspace_id, [CustomerCreated(id_) for id_ in ids.customers.values()], now=now)
    # Autovacuum would look at the new rows a minute later; until then the segmenter would need twice as long.
    await session.execute(text("analyze"))
    return written


def _tables(portfolio: Portfolio, ids: _Ids) -> Iterator[tuple[type[Base], Iterable[Row]]]:
    """In the order that foreign keys demand."""
    resolve = _resolver(ids)
    yield Team, [{**resolve(row), "id": ids.teams[row["name"]]} for row in portfolio.teams]
    yield UserAccount, [{**resolve(row), "id": ids.users[row["email"]]} for row in portfolio.users]
    yield Product, [{**row, "id": ids.products[row["external_id"]]} for row in portfolio.products]
    customers = ({**resolve(row), "id": ids.customers[row["external_id"]]} for row in portfolio.customers)
    yield Customer, [_unfolded(row) for row in customers]
    yield Consent, map(resolve, portfolio.consents)
    yield Opportunity, map(resolve, portfolio.opportunities)
    yield Contract, map(resolve, portfolio.contracts)
    yield Transaction, map(resolve, portfolio.transactions)
    yield Interaction, map(resolve, portfolio.interactions)
    yield Complaint, map(resolve, portfolio.complaints)
    yield SurveyResponse, map(resolve, portfolio.surveys)


def _resolver(ids: _Ids) -> Callable[[Row], Row]:
    """Replaces the portfolio's own names by ids."""
    names = {
        "team_name": ("team_id", ids.teams),
        "manager_email": ("manager_id", ids.users),
        "owner_email": ("owner_id", ids.users),
        "customer_external_id": ("customer_id", ids.customers),
        "product_external_id": ("product_id", ids.products),
    }

    def resolve(row: Row) -> Row:
        found: Row = {}
        for name, value in row.items():
            if name == "lines":
                found["lines"] = [{key: _json(part) for key, part in resolve(line).items()} for line in value]
            elif name in names:
                column, known = names[name]
                found[column] = None if value is None else known[value]
            else:
                found[name] = value
        return found

    return resolve


def _json(value: Any) -> Any:
    """Decimals and ids inside JSON are text, as in the API's answers."""
    return value if isinstance(value, str | int | None) else str(value)


def _unfolded(customer: Row) -> Row:
    """A customer's row as its table has it."""
    address = customer.pop("address", None) or {}
    phone = {"phone_raw": customer["phone"]} if customer.get("phone") else {}
    return {**customer, **{ADDRESS[name]: value for name, value in address.items()}, **phone}


async def _write(session: AsyncSession, model: type[Base], rows: list[Row], now: datetime) -> int:
    """Rows with the same columns go together."""
    stamps = {name: now for name in ("created_at", "updated_at") if name in model.__table__.c}
    alike: defaultdict[frozenset[str], list[Row]] = defaultdict(list)
    for row in rows:
        alike[frozenset(row)].append({**stamps, **row})
    for group in alike.values():
        await session.execute(insert(model.__table__), group)  # type: ignore[arg-type]
    return len(rows)
