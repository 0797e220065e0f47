"""Keep opportunities."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.door import Answer, created
from services.api.locality import locality_of
from services.api.opportunities.queries import as_opportunity, seen_opportunities
from services.api.opportunities.schemas import NewOpportunity, OpportunityChange
from services.api.work import Work
from shared.errors import InvalidInput
from shared.events.facts import OpportunityChanged
from shared.models import Opportunity
from shared.outbox.append import append

CLOSED = {"won", "lost"}


async def create_opportunity(work: Work, new: NewOpportunity) -> Answer:
    """Adds an opportunity, closed today if it comes as won or lost. A taken `external_id` is a conflict."""
    values = new.model_dump(exclude={"customer_external_id"})
    if new.customer_id is not None or new.customer_external_id is not None:
        values["customer_id"] = await records.hold_subject(work, new)
    if new.owner_id is None and work.principal.role == "rep":
        values["owner_id"] = work.principal.user_id
    locality = await locality_of(work)
    values["currency"] = new.currency or locality.currency
    if new.stage in CLOSED and new.closed_on is None:
        values["closed_on"] = locality.today
    row = await records.add(work, Opportunity, values)
    await _tell(work, row, "created")
    return created(as_opportunity(row), "/v1/opportunities")


async def change_opportunity(
    work: Work, opportunity_id: UUID, change: OpportunityChange, version: int | None
) -> dict[str, Any]:
    """Writes only what differs. Winning or losing notes the local day, opening again forgets it."""
    current = await records.lock(work, Opportunity, opportunity_id, seen_opportunities(work), version=version)
    values = records.differences(Opportunity, current, change)
    if not values:
        return as_opportunity(current)
    if "customer_id" in values:
        await _attach(work, current, change)
    if "stage" in values and "closed_on" not in change.model_fields_set:
        values["closed_on"] = await _closing_day(work, current, values["stage"])
    row = await records.change(work, Opportunity, opportunity_id, values)
    await _tell(work, row, "changed")
    return as_opportunity(row)


async def delete_opportunity(work: Work, opportunity_id: UUID, version: int | None) -> None:
    """Removes an opportunity."""
    row = await records.lock(work, Opportunity, opportunity_id, seen_opportunities(work), version=version)
    await records.remove(work, Opportunity, opportunity_id)
    await _tell(work, row, "deleted")


async def _attach(work: Work, current: Mapping[Any, Any], change: OpportunityChange) -> None:
    """An opportunity gets its customer once. Raises InvalidInput for another one, or one out of sight."""
    if current["customer_id"] is not None:
        raise InvalidInput.at("#/customer_id", "read_only", "The opportunity has its customer already.")
    await records.hold_subject(work, NewOpportunity(name="?", customer_id=change.customer_id))


async def _closing_day(work: Work, current: Mapping[Any, Any], stage: str) -> Any:
    if stage not in CLOSED:
        return None
    return current["closed_on"] or (await locality_of(work)).today


async def _tell(work: Work, row: Mapping[Any, Any], change: str) -> None:
    event = OpportunityChanged(row["customer_id"], row["id"], change, row["stage"])
    await append(work.session, work.workspace_id, [event], now=work.now)
