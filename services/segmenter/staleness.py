"""The durable set of customers to recompute: how they get in, and how a loop takes some out.

A mark is inserted in the transaction that changed something, or after it: whoever takes the mark sees the change. It
waits for nobody, and nothing is lost: a customer marked while it is computed is computed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.sql import load_sql
from shared.telemetry import STALE_CUSTOMERS

SQL = "services.segmenter.sql"
_MARK = text(load_sql(SQL, "mark_customers"))
_MARK_WORKSPACE = text(load_sql(SQL, "mark_workspace"))
_MARK_IMPORTED = text(load_sql(SQL, "mark_imported"))
_MARK_CURRENCY = text(load_sql(SQL, "mark_currency"))
_MARK_SEGMENT = text(load_sql(SQL, "mark_segment"))
_CLAIM = load_sql(SQL, "claim")
_CLAIM_CUSTOMER = load_sql(SQL, "claim_customer")
_POSTPONE = load_sql(SQL, "postpone")
_COUNT = "select count(distinct customer_id) from stale_customer"


@dataclass(frozen=True, slots=True)
class Claim:
    """Customers of one workspace, taken out of the set, with the correlation id that marked each.

    The figures of those in `reclassified` are up to date: only their classes changed.
    """

    workspace_id: UUID
    customers: Sequence[UUID]
    correlations: Sequence[str | None]
    reclassified: frozenset[UUID] = frozenset()


async def mark(
    session: AsyncSession, workspace_id: UUID, customers: Sequence[UUID], correlations: Sequence[str | None]
) -> None:
    """Mark these customers, urgently. Marking twice is marking once."""
    await session.execute(_MARK, {"workspace": workspace_id, "customers": customers, "correlations": correlations})


async def mark_workspace(session: AsyncSession, workspace_id: UUID, correlation: str | None) -> None:
    """Mark every customer of a workspace, deleted ones too, behind whatever events mark."""
    await session.execute(_MARK_WORKSPACE, {"workspace": workspace_id, "correlation": correlation})


async def mark_imported(session: AsyncSession, workspace_id: UUID, import_id: UUID, correlation: str | None) -> None:
    """Mark the customers that came with a file, or whose facts did."""
    await session.execute(_MARK_IMPORTED, {"workspace": workspace_id, "import": import_id, "correlation": correlation})


async def mark_currency(session: AsyncSession, workspace_id: UUID, currency: str, correlation: str | None) -> None:
    """Mark the customers that ever paid in a currency."""
    await session.execute(_MARK_CURRENCY, {"workspace": workspace_id, "currency": currency, "correlation": correlation})


async def mark_segment(session: AsyncSession, workspace_id: UUID, segment_id: UUID, correlation: str | None) -> None:
    """Have the members of one segment found anew."""
    await session.execute(_MARK_SEGMENT, {"workspace": workspace_id, "segment": segment_id, "correlation": correlation})


async def claim(connection: asyncpg.Connection, urgent: int, others: int, full_outbox: int) -> Claim | None:
    """Take the most urgent customers of one workspace out of the set: at most `urgent` of those that events marked.

    Where none is left, at most `others` of those whose classes changed, and last of whole workspaces; none of these
    while `full_outbox` events wait to be published.

    The marks are deleted before anything is computed: one that arrives meanwhile is another row, and stays.
    """
    rows = await connection.fetch(_CLAIM, urgent, others, full_outbox)
    if not rows:
        return None
    return Claim(
        workspace_id=rows[0]["workspace_id"],
        customers=[row["customer_id"] for row in rows],
        correlations=[row["correlation_id"] for row in rows],
        reclassified=frozenset(row["customer_id"] for row in rows if not row["figures"]),
    )


async def claim_customer(connection: asyncpg.Connection, workspace_id: UUID, customer_id: UUID) -> bool:
    """Take one customer out of the set; False if it was not marked, or somebody else is computing it."""
    taken: bool = await connection.fetchval(_CLAIM_CUSTOMER, workspace_id, customer_id)
    return taken


async def postpone(connection: asyncpg.Connection, claim: Claim, wait: timedelta) -> None:
    """Try these again later: something about them cannot be computed."""
    await connection.execute(_POSTPONE, claim.workspace_id, claim.customers, wait)


async def measure(connection: asyncpg.Connection) -> None:
    STALE_CUSTOMERS.set(await connection.fetchval(_COUNT))
