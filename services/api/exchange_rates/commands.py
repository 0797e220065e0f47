"""Record what foreign money was worth. A rate of a known day replaces the one that was there."""

from datetime import date
from typing import Any, Final

import asyncpg
from pydantic import TypeAdapter

from services.api.batches import check_rows
from services.api.door import Answer
from services.api.exchange_rates.queries import as_exchange_rate
from services.api.exchange_rates.schemas import ExchangeRateBatch, NewExchangeRate
from services.api.locality import locality_of
from services.api.work import Work
from shared.db.raw import raw_connection
from shared.db.sql import load_sql
from shared.errors import Fault, InvalidInput
from shared.telemetry import current_correlation

ROWS: Final = TypeAdapter(NewExchangeRate)
Key = tuple[str, date]


async def record_exchange_rate(work: Work, new: NewExchangeRate) -> Answer:
    """201 with the rate, or 200 when its day was known."""
    if faults := _foreign((await locality_of(work)).currency, new):
        raise InvalidInput(*faults)
    row = (await _record(work, {_key(new): new}))[_key(new)]
    return Answer(as_exchange_rate(row), 201 if row["outcome"] == "created" else 200)


async def record_exchange_rates(work: Work, given: ExchangeRateBatch) -> dict[str, Any]:
    """An answer per row: 201 for a new day, 200 for a known one, 422 with its faults."""
    home = (await locality_of(work)).currency
    batch = check_rows(given.items, ROWS, lambda row: _foreign(home, row))
    counting = {_key(row): row for row in batch.rows.values()}
    last = {_key(row): index for index, row in batch.rows.items()}
    recorded = await _record(work, counting)
    updated = 0
    for index, row in list(batch.rows.items()):
        found = recorded[_key(row)]
        counts = last[_key(row)] == index
        updated += counts and found["outcome"] == "updated"
        batch.accept(index, 201 if counts and found["outcome"] == "created" else 200, found["id"])
    return batch.summary(updated=updated)


async def _record(work: Work, rates: dict[Key, NewExchangeRate]) -> dict[Key, asyncpg.Record]:
    if not rates:
        return {}
    connection = await raw_connection(work.session, sets=len(rates) > 1)
    rows = await connection.fetch(
        load_sql("services.api.exchange_rates", "sql/record_exchange_rates"),
        work.workspace_id,
        work.now,
        [rate.date for rate in rates.values()],
        [rate.currency for rate in rates.values()],
        [rate.rate for rate in rates.values()],
        current_correlation(),
    )
    return {(row["currency"], row["date"]): row for row in rows}


def _key(rate: NewExchangeRate) -> Key:
    return rate.currency, rate.date


def _foreign(home: str, rate: NewExchangeRate) -> list[Fault]:
    if rate.currency == home:
        return [Fault("#/currency", "bad_currency", f"{home} is the workspace's own currency; its rate is 1.")]
    return []
