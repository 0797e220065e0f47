"""From the staging table into the portfolio, a slice of lines at a time.

Nothing here opens or ends a transaction: a slice, its counts and its faults are written together or not at all.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

import asyncpg

from services.api.imports.domain.headers import Entity
from services.api.imports.domain.rows import Reason
from services.api.imports.jobs import PACKAGE, Job, held
from services.api.imports.mapping import CustomerKind, parse_mapping
from services.api.imports.staging import described, write_faults
from shared.db.sql import load_sql
from shared.domain.calendar import local_day

COLLISIONS: Final = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Undo the slice and do it again: it then finds what the other transaction wrote."""

_LOCK_NAMED: Final = """
select id from customer
 where workspace_id = $1 and external_id = any ($2) and deleted_at is null
 order by id for no key update
"""
_NAMED: Final[dict[Entity, str]] = {
    "transactions": "select customer_external_id from import_transaction_row"
    " where workspace_id = $1 and import_id = $2 and line_number > $3 and line_number <= $4"
    " group by customer_external_id order by min(line_number)",
    "interactions": "select customer_external_id from import_interaction_row"
    " where workspace_id = $1 and import_id = $2 and line_number > $3 and line_number <= $4"
    " group by customer_external_id order by min(line_number)",
    "opportunities": "select customer_external_id from import_opportunity_row"
    " where workspace_id = $1 and import_id = $2 and line_number > $3 and line_number <= $4"
    " and customer_external_id is not null group by customer_external_id order by min(line_number)",
}


@dataclass(slots=True)
class Outcome:
    """What became of a slice, or of several added up."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    customers_created: int = 0
    touched: set[UUID] = field(default_factory=set)
    faults: list[Reason] = field(default_factory=list)

    @property
    def duplicate(self) -> int:
        return sum(fault.code == "duplicate" for fault in self.faults)

    @property
    def rejected(self) -> int:
        return len(self.faults) - self.duplicate

    def __iadd__(self, other: "Outcome") -> Self:
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.customers_created += other.customers_created
        self.touched |= other.touched
        self.faults += other.faults
        return self


async def merge_slice(connection: asyncpg.Connection, job: Job, through: int, now: datetime) -> Outcome:
    """Merge the lines behind `job.merged_through` up to `through`. Locks their customers in the order of their ids.

    Raises one of `COLLISIONS` when it met another transaction.
    """
    return await MERGES[job.entity](connection, job, through, now)


async def record(connection: asyncpg.Connection, job: Job, through: int, outcome: Outcome) -> None:
    """Report and count an outcome, and move the checkpoint. Raises LeaseLost."""
    await write_faults(connection, job, (described(fault, job.language) for fault in outcome.faults))
    counts = (outcome.created, outcome.updated, outcome.unchanged, outcome.duplicate, outcome.rejected,
              outcome.customers_created)  # fmt: skip
    touched = sorted(outcome.touched)
    held(await connection.fetchval(load_sql(PACKAGE, "sql/checkpoint"), *job.held, through, *counts, touched))


async def _merge_customers(connection: asyncpg.Connection, job: Job, through: int, now: datetime) -> Outcome:
    where = (job.workspace_id, job.id, job.merged_through, through)
    outcome = Outcome()
    if "external_id" not in job.columns:
        ambiguous = await connection.fetch(load_sql(PACKAGE, "sql/identify_customers"), *where)
        outcome.faults = [Reason(row["line_number"], None, None, "ambiguous_customer") for row in ambiguous]
    await connection.execute(load_sql(PACKAGE, "sql/lock_customers"), *where)
    row = await connection.fetchrow(load_sql(PACKAGE, "sql/merge_customers"), *where, "kind" in job.columns, now)
    faults = _faults(job, row)
    outcome.faults += faults
    outcome.created, outcome.updated = len(row["added"]), len(row["changed"])
    outcome.unchanged = row["rows"] - len(faults) - outcome.created - outcome.updated
    outcome.touched = {*row["added"], *row["changed"]}
    return outcome


async def _merge_transactions(connection: asyncpg.Connection, job: Job, through: int, now: datetime) -> Outcome:
    return await _merge_facts(connection, job, through, now, "sql/merge_transactions", job.zone.key, job.currency)


async def _merge_interactions(connection: asyncpg.Connection, job: Job, through: int, now: datetime) -> Outcome:
    return await _merge_facts(connection, job, through, now, "sql/merge_interactions")


async def _merge_opportunities(connection: asyncpg.Connection, job: Job, through: int, now: datetime) -> Outcome:
    today = local_day(now, job.zone)
    return await _merge_facts(connection, job, through, now, "sql/merge_opportunities", today, job.currency)


async def _merge_facts(
    connection: asyncpg.Connection, job: Job, through: int, now: datetime, statement: str, *settings: object
) -> Outcome:
    where = (job.workspace_id, job.id, job.merged_through, through)
    named = [row["customer_external_id"] for row in await connection.fetch(_NAMED[job.entity], *where)]
    created = await _create_customers(connection, job, named, now)
    await connection.fetch(_LOCK_NAMED, job.workspace_id, named)
    row = await connection.fetchrow(load_sql(PACKAGE, statement), *where, now, *settings)
    return Outcome(
        created=row["added"],
        unchanged=row["unchanged"],
        customers_created=len(created),
        touched={*row["touched"], *created},
        faults=_faults(job, row),
    )


async def _create_customers(connection: asyncpg.Connection, job: Job, named: list[str], now: datetime) -> list[UUID]:
    kind: CustomerKind | None = parse_mapping(job.mapping, entity=job.entity).create_customers
    if kind is None:
        return []
    rows = await connection.fetch(load_sql(PACKAGE, "sql/create_customers"), job.workspace_id, named, kind, now)
    return [row["id"] for row in rows]


def _faults(job: Job, row: asyncpg.Record) -> list[Reason]:
    found: list[dict[str, Any]] = json.loads(row["faults"])
    return [
        Reason(
            fault["line"],
            fault["field"],
            job.columns.get(fault["field"]),
            fault["why"],
            fault["value"],
            {"other": fault.get("other")},
        )
        for fault in found
    ]


Merge = Callable[[asyncpg.Connection, Job, int, datetime], Awaitable[Outcome]]
MERGES: Final[dict[Entity, Merge]] = {
    "customers": _merge_customers,
    "transactions": _merge_transactions,
    "interactions": _merge_interactions,
    "opportunities": _merge_opportunities,
}
