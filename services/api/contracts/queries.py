"""Read contracts."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func

from services.api import records
from services.api.amounts import amount_text
from services.api.contracts.schemas import ContractListParameters
from services.api.pagination import Column, Sort
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Contract

NAMES = ("id", "customer_id", "external_id", "name", "contract_type", "status", "starts_on", "ends_on", "currency",
         "auto_renew", "renewed_by_id", "version", "created_at", "updated_at")  # fmt: skip
SORTABLE: dict[str, Column] = {
    "created_at": Contract.created_at,
    "ends_on": func.coalesce(Contract.ends_on, date.max),
    "name": Contract.name,
}


def as_contract(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES} | {"amount": amount_text(row["amount"], row["currency"])}


def seen_contracts(work: Work) -> ColumnElement[bool]:
    return visible_facts(work.principal, Contract.customer_id)


async def contract_by_id(work: Work, contract_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_contract(await records.find(work, Contract, contract_id, seen_contracts(work)))


async def contracts_by(work: Work, wanted: ContractListParameters) -> dict[str, Any]:
    conditions = records.matching(Contract, wanted, "customer_id", "external_id", "status", "contract_type")
    if wanted.ends_from is not None:
        conditions.append(Contract.ends_on >= wanted.ends_from)
    if wanted.ends_to is not None:
        conditions.append(Contract.ends_on <= wanted.ends_to)
    sort = Sort.parse(wanted.sort, SORTABLE, id=Contract.id, default="-created_at")
    return await records.listed(work, Contract, wanted, sort, as_contract, seen_contracts(work), *conditions)
