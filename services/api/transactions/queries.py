"""Read transactions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.amounts import amount_text
from services.api.pagination import Column, Sort
from services.api.transactions.schemas import TransactionListParameters
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Transaction

NAMES = ("id", "customer_id", "external_id", "order_id", "kind", "occurred_at", "currency", "lines", "created_at")
SORTABLE: dict[str, Column] = {"occurred_at": Transaction.occurred_at, "created_at": Transaction.created_at}


def as_transaction(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The answer's shape from a row of the table."""
    view = {name: row[name] for name in NAMES}
    return view | {name: amount_text(row[name], row["currency"]) for name in ("amount", "cost")}


async def transaction_by_id(work: Work, transaction_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    seen = visible_facts(work.principal, Transaction.customer_id)
    return as_transaction(await records.find(work, Transaction, transaction_id, seen))


async def transactions_by(work: Work, wanted: TransactionListParameters) -> dict[str, Any]:
    conditions = records.matching(Transaction, wanted, "customer_id", "kind", "order_id", "external_id")
    if wanted.occurred_after is not None:
        conditions.append(Transaction.occurred_at > wanted.occurred_after)
    if wanted.occurred_before is not None:
        conditions.append(Transaction.occurred_at < wanted.occurred_before)
    sort = Sort.parse(wanted.sort, SORTABLE, id=Transaction.id, default="-occurred_at")
    seen = visible_facts(work.principal, Transaction.customer_id)
    return await records.listed(work, Transaction, wanted, sort, as_transaction, seen, *conditions)
