"""Record transactions: the same checks in the same order (I7) and the same statement for one as for a thousand."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import select

from services.api.amounts import amount_text
from services.api.batches import Batch
from services.api.door import Answer, created
from services.api.fact_rows import Facts, check_facts
from services.api.locality import Locality, locality_of
from services.api.transactions.queries import transaction_by_id
from services.api.transactions.schemas import NewTransaction, TransactionBatch
from services.api.wire import encode
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.db.sql import load_sql
from shared.errors import Fault, InvalidInput
from shared.models import Product, Transaction
from shared.telemetry import current_correlation

ROWS: Final = TypeAdapter(NewTransaction)
REASONS: Final = {
    "currency_mismatch": "The order's first sale is in another currency.",
    "missing_fx": "No exchange rate of this currency is known on or before the needed day.",
}


async def record_transaction(work: Work, new: NewTransaction) -> Answer:
    """201 with the transaction, or 200 with the first one that has this `external_id`."""
    facts = await _record(work, [new.model_dump()])
    answer = facts.summary()["items"][0]
    if answer["errors"]:
        raise InvalidInput(*(Fault(**fault) for fault in answer["errors"]))
    transaction = await transaction_by_id(work, answer["id"])
    return created(transaction, "/v1/transactions") if answer["status"] == 201 else Answer(transaction, 200)


async def record_transactions(work: Work, given: TransactionBatch) -> dict[str, Any]:
    """An answer per row: 201 new, 200 known already, 422 with its faults. The good rows are all in, or none."""
    return (await _record(work, given.items)).summary()


async def _record(work: Work, items: Sequence[Mapping[str, Any]]) -> Facts[NewTransaction]:
    facts = await check_facts(work, items, ROWS)
    await facts.answer_known(work, Transaction)
    await _reject_unknown_products(work, facts.batch)
    locality = await locality_of(work)
    await _insert(work, facts, locality)
    if facts.batch.rows:  # They lost a race for their external_id: the winners are there now.
        await facts.answer_known(work, Transaction)
    return facts


async def _reject_unknown_products(work: Work, batch: Batch[NewTransaction]) -> None:
    named = {line.product_id for row in batch.rows.values() for line in row.lines}
    if not named:
        return
    statement = select(Product.id).where(Product.workspace_id == work.workspace_id, Product.id.in_(named))
    known = set(await work.session.scalars(statement))
    for index, row in list(batch.rows.items()):
        unknown = [number for number, line in enumerate(row.lines) if line.product_id not in known]
        if unknown:
            detail = "No such product in this workspace."
            batch.reject(index, *(Fault(f"#/lines/{n}/product_id", "unknown_reference", detail) for n in unknown))


async def _insert(work: Work, facts: Facts[NewTransaction], locality: Locality) -> None:
    batch = facts.batch
    if not batch.rows:
        return
    connection = await raw_connection(work.session, sets=len(batch.rows) > 1)
    answers = await connection.fetch(
        load_sql("services.api.transactions", "sql/record_transactions"),
        work.workspace_id,
        locality.zone.key,
        locality.currency,
        work.now,
        *_columns(work, facts, locality.currency),
        current_correlation(),
    )
    for index, id_, reason in answers:
        if id_ is not None:
            facts.accept(index, 201, id_)
        elif reason is not None:
            batch.reject(index, Fault("#/currency", reason, REASONS[reason]))


def _columns(work: Work, facts: Facts[NewTransaction], home: str) -> list[list[Any]]:
    """The arrays of the statement, with what the caller left out."""
    rows = list(facts.batch.rows.values())
    currencies = [row.currency or home for row in rows]
    return [
        list(facts.batch.rows),
        facts.owners_of_rows(),
        [row.external_id for row in rows],
        [row.order_id for row in rows],
        [row.kind for row in rows],
        [row.occurred_at or work.now for row in rows],
        [row.amount for row in rows],
        currencies,
        [row.cost for row in rows],
        [encode([line.model_dump() for line in row.lines]).decode() for row in rows],
        [amount_text(row.amount, currency) for row, currency in zip(rows, currencies, strict=True)],
    ]
