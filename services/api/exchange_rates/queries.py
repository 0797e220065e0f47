"""Read exchange rates."""

from collections.abc import Mapping
from typing import Any

from services.api import records
from services.api.exchange_rates.schemas import ExchangeRateListParameters
from services.api.pagination import Sort
from services.api.work import Work
from shared.models import ExchangeRate


def as_exchange_rate(row: Mapping[Any, Any]) -> dict[str, Any]:
    view = {name: row[name] for name in ("id", "date", "currency", "created_at")}
    return view | {"rate": f"{row['rate'].normalize():f}"}


async def exchange_rates_by(work: Work, wanted: ExchangeRateListParameters) -> dict[str, Any]:
    conditions = records.matching(ExchangeRate, wanted, "currency")
    if wanted.date_from is not None:
        conditions.append(ExchangeRate.date >= wanted.date_from)
    if wanted.date_to is not None:
        conditions.append(ExchangeRate.date <= wanted.date_to)
    sort = Sort.parse(wanted.sort, {"date": ExchangeRate.date}, id=ExchangeRate.id, default="-date")
    return await records.listed(work, ExchangeRate, wanted, sort, as_exchange_rate, *conditions)
