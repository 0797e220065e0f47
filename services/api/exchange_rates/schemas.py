"""An exchange rate as callers send and get it."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.api.schemas import Currency, Day, Instant, MoneyText, PageParameters, Payload, Rows, View
from services.api.strictness import exact

Rate = Annotated[
    Decimal,
    Field(
        gt=0,
        lt=Decimal(10) ** 9,
        decimal_places=8,
        allow_inf_nan=False,
        examples=["0.92"],
        description="Units of the workspace's currency for one unit of this one",
    ),
    BeforeValidator(exact),
]


class NewExchangeRate(Payload):
    """The worth of a currency from `date` until the next known day. The same day again replaces the rate."""

    date: Day
    currency: Currency
    rate: Rate


class ExchangeRateBatch(Payload):
    """Up to 1,000 rates. Of several for the same currency and day the last one counts."""

    items: Rows


class ExchangeRate(View):
    """A rate as it is known now."""

    id: UUID
    date: Day
    currency: str
    rate: MoneyText
    created_at: Instant


class ExchangeRateListParameters(PageParameters):
    """Filters of the list; newest day first unless sorted otherwise."""

    sort: Literal["date", "-date"] = "-date"
    currency: Currency | None = None
    date_from: Day | None = None
    date_to: Day | None = None
