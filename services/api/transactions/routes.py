"""/v1/transactions"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import BatchAnswer, Page
from services.api.transactions import commands, queries
from services.api.transactions.schemas import (
    NewTransaction,
    Transaction,
    TransactionBatch,
    TransactionListParameters,
)

routes = router("transactions", "transactions")


@routes.post("", status_code=201, response_model=Transaction, responses={200: {"model": Transaction}})
async def record_transaction(door: RepDoor, new: NewTransaction) -> Response:
    """Record a sale or refund. A known `external_id` answers 200 with the first row."""
    return await door.write(commands.record_transaction, new)


@routes.post("/batch", response_model=BatchAnswer)
async def record_transactions(door: RepDoor, batch: TransactionBatch) -> Response:
    """Record up to 1,000 sales and refunds, with an answer per row."""
    return await door.write(commands.record_transactions, batch)


@routes.get("", response_model=Page[Transaction])
async def list_transactions(door: AnyDoor, wanted: Annotated[TransactionListParameters, Query()]) -> Response:
    """Pages of transactions, newest first."""
    return await door.read(queries.transactions_by, wanted)


@routes.get("/{transaction_id}", response_model=Transaction)
async def get_transaction(door: AnyDoor, transaction_id: UUID) -> Response:
    """One transaction."""
    return await door.read(queries.transaction_by_id, transaction_id)
