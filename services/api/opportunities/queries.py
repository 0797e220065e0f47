"""Read opportunities."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_

from services.api import records
from services.api.amounts import amount_text
from services.api.opportunities.schemas import OpportunityListParameters
from services.api.pagination import Column, Sort
from services.api.visibility import own_records, visible_facts
from services.api.work import Work
from shared.models import Opportunity

NAMES = ("id", "customer_id", "external_id", "name", "stage", "currency", "probability_pct", "owner_id", "product_id",
         "engaged_on", "expected_close_on", "closed_on", "lost_reason", "version", "created_at",
         "updated_at")  # fmt: skip
SORTABLE: dict[str, Column] = {
    "created_at": Opportunity.created_at,
    "expected_close_on": func.coalesce(Opportunity.expected_close_on, date.max),
    "name": Opportunity.name,
}


def as_opportunity(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES} | {"amount": amount_text(row["amount"], row["currency"])}


def seen_opportunities(work: Work) -> ColumnElement[bool]:
    """Those of visible customers, and one's own that have no customer yet."""
    own = and_(Opportunity.customer_id.is_(None), own_records(work.principal, Opportunity.owner_id))
    return or_(visible_facts(work.principal, Opportunity.customer_id), own)


async def opportunity_by_id(work: Work, opportunity_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_opportunity(await records.find(work, Opportunity, opportunity_id, seen_opportunities(work)))


async def opportunities_by(work: Work, wanted: OpportunityListParameters) -> dict[str, Any]:
    names = ("customer_id", "external_id", "stage", "owner_id", "product_id")
    conditions = records.matching(Opportunity, wanted, *names)
    if wanted.closes_from is not None:
        conditions.append(Opportunity.expected_close_on >= wanted.closes_from)
    if wanted.closes_to is not None:
        conditions.append(Opportunity.expected_close_on <= wanted.closes_to)
    sort = Sort.parse(wanted.sort, SORTABLE, id=Opportunity.id, default="-created_at")
    return await records.listed(work, Opportunity, wanted, sort, as_opportunity, seen_opportunities(work), *conditions)
