"""The use case: bring the figures and memberships of some customers up to their facts. Read it from top to bottom."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.segmenter.memberships import refresh_memberships
from services.segmenter.staleness import SQL, Claim
from services.segmenter.terms import Terms, metric_terms, terms_of
from shared.db.sql import load_sql
from shared.telemetry import RECOMPUTE_SECONDS, RECOMPUTED_CUSTOMERS, span

_METRICS = load_sql(SQL, "metrics")
_REMOVE = load_sql(SQL, "remove_customers")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a recomputation did."""

    customers: int
    changed: int
    memberships: int
    ranking_changed: bool


async def recompute(connection: asyncpg.Connection, claim: Claim) -> Summary:
    """Compute, compare, write only what differs, with its history and events: all in the caller's transaction.

    Relative classes are left to the ranking, which is told when one of its inputs moved. Idempotent. Raises
    LookupError for an unknown workspace and InvalidSettings for thresholds that cannot be applied.
    """
    # The span is found by the correlation id that marked the first: a set may gather hundreds of them.
    first = next((correlation for correlation in claim.correlations if correlation), None)
    with span("recompute", customers=len(claim.customers), correlation_id=first):
        return await _bring_up_to_date(connection, claim)


async def _bring_up_to_date(connection: asyncpg.Connection, claim: Claim) -> Summary:
    terms = await terms_of(connection, claim.workspace_id)
    correlations = dict(zip(claim.customers, claim.correlations, strict=True))
    changed, ranking_changed = await _refresh_figures(connection, terms, correlations, claim.reclassified)
    with RECOMPUTE_SECONDS.labels("memberships").time():
        memberships = await refresh_memberships(connection, terms, claim.customers, correlations)
    RECOMPUTED_CUSTOMERS.inc(len(claim.customers))
    return Summary(len(claim.customers), changed, memberships, ranking_changed)


async def _refresh_figures(
    connection: asyncpg.Connection, terms: Terms, correlations: Mapping[UUID, str | None], up_to_date: AbstractSet[UUID]
) -> tuple[int, bool]:
    """How many rows changed, and whether the ranking has to follow."""
    customers = [customer for customer in correlations if customer not in up_to_date]
    if not customers:
        return 0, False
    with RECOMPUTE_SECONDS.labels("metrics").time():
        figures = await connection.fetchrow(
            _METRICS,
            terms.workspace_id,
            customers,
            [correlations[customer] for customer in customers],
            metric_terms(terms),
        )
    lost = await _remove(connection, terms, figures["gone"])
    return figures["written"], figures["ranking_changed"] or lost


async def _remove(connection: asyncpg.Connection, terms: Terms, gone: Sequence[UUID]) -> bool:
    """Forget the figures of deleted customers. Returns whether the ranking loses one."""
    if not gone:
        return False
    lost: bool = await connection.fetchval(_REMOVE, terms.workspace_id, gone, terms.now)
    return lost
