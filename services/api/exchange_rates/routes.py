"""/v1/exchange-rates"""

from typing import Annotated

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor
from services.api.exchange_rates import commands, queries
from services.api.exchange_rates.schemas import (
    ExchangeRate,
    ExchangeRateBatch,
    ExchangeRateListParameters,
    NewExchangeRate,
)
from services.api.routing import router
from services.api.schemas import BatchAnswer, Page

routes = router("exchange-rates", "exchange rates")


@routes.post("", status_code=201, response_model=ExchangeRate, responses={200: {"model": ExchangeRate}})
async def record_exchange_rate(door: ManagerDoor, new: NewExchangeRate) -> Response:
    """Record a rate. A day that is known already answers 200 with the new rate."""
    return await door.write(commands.record_exchange_rate, new)


@routes.post("/batch", response_model=BatchAnswer)
async def record_exchange_rates(door: ManagerDoor, batch: ExchangeRateBatch) -> Response:
    """Record up to 1,000 rates, with an answer per row."""
    return await door.write(commands.record_exchange_rates, batch)


@routes.get("", response_model=Page[ExchangeRate])
async def list_exchange_rates(door: AnyDoor, wanted: Annotated[ExchangeRateListParameters, Query()]) -> Response:
    """Pages of rates, newest day first."""
    return await door.read(queries.exchange_rates_by, wanted)
