"""Keep complaints."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.complaints.queries import as_complaint, seen_complaints
from services.api.complaints.schemas import ComplaintChange, NewComplaint
from services.api.door import Answer, created
from services.api.work import Work
from shared.events.facts import ComplaintChanged
from shared.models import Complaint
from shared.outbox.append import append

SETTLED = {"resolved", "rejected"}


async def open_complaint(work: Work, new: NewComplaint) -> Answer:
    """Adds a complaint. A taken `external_id` is a conflict."""
    customer_id = await records.hold_subject(work, new)
    values = new.model_dump(exclude={"customer_external_id"}) | {"customer_id": customer_id}
    values["occurred_at"] = new.occurred_at or work.now
    if new.status in SETTLED and new.resolved_at is None:
        values["resolved_at"] = work.now
    row = await records.add(work, Complaint, values)
    await _tell(work, row, "created")
    return created(as_complaint(row), "/v1/complaints")


async def change_complaint(
    work: Work, complaint_id: UUID, change: ComplaintChange, version: int | None
) -> dict[str, Any]:
    """Writes only what differs. Settling a complaint notes when, opening it again forgets that."""
    current = await records.lock(work, Complaint, complaint_id, seen_complaints(work), version=version)
    values = records.differences(Complaint, current, change)
    if not values:
        return as_complaint(current)
    if "status" in values and "resolved_at" not in change.model_fields_set:
        settled = values["status"] in SETTLED
        values["resolved_at"] = (current["resolved_at"] or work.now) if settled else None
    row = await records.change(work, Complaint, complaint_id, values)
    await _tell(work, row, "changed")
    return as_complaint(row)


async def delete_complaint(work: Work, complaint_id: UUID, version: int | None) -> None:
    """Removes a complaint, as if there had been none."""
    row = await records.lock(work, Complaint, complaint_id, seen_complaints(work), version=version)
    await records.remove(work, Complaint, complaint_id)
    await _tell(work, row, "deleted")


async def _tell(work: Work, row: Mapping[Any, Any], change: str) -> None:
    event = ComplaintChanged(row["customer_id"], row["id"], change, row["status"])
    await append(work.session, work.workspace_id, [event], now=work.now)
