"""Keep contracts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.contracts.queries import as_contract, seen_contracts
from services.api.contracts.schemas import ContractChange, NewContract
from services.api.door import Answer, created
from services.api.locality import locality_of
from services.api.work import Work
from shared.errors import InvalidInput
from shared.events.facts import ContractChanged
from shared.models import Contract
from shared.outbox.append import append


async def create_contract(work: Work, new: NewContract) -> Answer:
    """Adds a contract. A taken `external_id` is a conflict."""
    customer_id = await records.hold_subject(work, new)
    values = new.model_dump(exclude={"customer_external_id"}) | {"customer_id": customer_id}
    values["currency"] = new.currency or (await locality_of(work)).currency
    _check_dates(values)
    row = await records.add(work, Contract, values)
    await _tell(work, row, "created")
    return created(as_contract(row), "/v1/contracts")


async def change_contract(work: Work, contract_id: UUID, change: ContractChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs; nothing differing is no event and no new version."""
    current = await records.lock(work, Contract, contract_id, seen_contracts(work), version=version)
    values = records.differences(Contract, current, change)
    if not values:
        return as_contract(current)
    _check_dates({**current, **values})
    row = await records.change(work, Contract, contract_id, values)
    await _tell(work, row, "changed")
    return as_contract(row)


async def delete_contract(work: Work, contract_id: UUID, version: int | None) -> None:
    """Removes a contract that no other one names as renewed by it."""
    row = await records.lock(work, Contract, contract_id, seen_contracts(work), version=version)
    await records.remove(work, Contract, contract_id)
    await _tell(work, row, "deleted")


def _check_dates(values: Mapping[str, Any]) -> None:
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise InvalidInput.at("#/ends_on", "reversed_bounds", "A contract does not end before it starts.")


async def _tell(work: Work, row: Mapping[Any, Any], change: str) -> None:
    event = ContractChanged(row["customer_id"], row["id"], change, row["status"])
    await append(work.session, work.workspace_id, [event], now=work.now)
