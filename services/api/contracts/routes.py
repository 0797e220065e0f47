"""/v1/contracts"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.contracts import commands, queries
from services.api.contracts.schemas import Contract, ContractChange, ContractListParameters, NewContract
from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page

routes = router("contracts", "contracts")


@routes.get("", response_model=Page[Contract])
async def list_contracts(door: AnyDoor, wanted: Annotated[ContractListParameters, Query()]) -> Response:
    """Pages of contracts."""
    return await door.read(queries.contracts_by, wanted)


@routes.post("", status_code=201, response_model=Contract)
async def create_contract(door: RepDoor, new: NewContract) -> Response:
    """Add a contract."""
    return await door.write(commands.create_contract, new)


@routes.get("/{contract_id}", response_model=Contract)
async def get_contract(door: AnyDoor, contract_id: UUID) -> Response:
    """One contract."""
    return await door.read(queries.contract_by_id, contract_id)


@routes.patch("/{contract_id}", response_model=Contract)
async def update_contract(door: RepDoor, contract_id: UUID, change: ContractChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_contract, contract_id, change, door.expected_version)


@routes.delete("/{contract_id}", status_code=204)
async def delete_contract(door: RepDoor, contract_id: UUID) -> Response:
    """Remove a contract."""
    return await door.write(commands.delete_contract, contract_id, door.expected_version)
