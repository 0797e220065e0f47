"""Read complaints."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from services.api import records
from services.api.complaints.schemas import ComplaintListParameters
from services.api.pagination import Column, Sort
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Complaint

NAMES = ("id", "customer_id", "external_id", "subject", "body", "severity", "status", "occurred_at", "resolved_at",
         "owner_id", "version", "created_at", "updated_at")  # fmt: skip
SORTABLE: dict[str, Column] = {"occurred_at": Complaint.occurred_at, "created_at": Complaint.created_at}


def as_complaint(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


def seen_complaints(work: Work) -> ColumnElement[bool]:
    return visible_facts(work.principal, Complaint.customer_id)


async def complaint_by_id(work: Work, complaint_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_complaint(await records.find(work, Complaint, complaint_id, seen_complaints(work)))


async def complaints_by(work: Work, wanted: ComplaintListParameters) -> dict[str, Any]:
    names = ("customer_id", "external_id", "status", "severity", "owner_id")
    conditions = records.matching(Complaint, wanted, *names)
    if wanted.occurred_after is not None:
        conditions.append(Complaint.occurred_at > wanted.occurred_after)
    if wanted.occurred_before is not None:
        conditions.append(Complaint.occurred_at < wanted.occurred_before)
    sort = Sort.parse(wanted.sort, SORTABLE, id=Complaint.id, default="-occurred_at")
    return await records.listed(work, Complaint, wanted, sort, as_complaint, seen_complaints(work), *conditions)
