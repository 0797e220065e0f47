"""A sale or refund as callers send and get it."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.api.schemas import (
    INT4,
    Amount,
    Currency,
    ExternalId,
    Instant,
    MoneyText,
    PageParameters,
    Payload,
    Rows,
    View,
)
from services.api.strictness import exact

Kind = Literal["sale", "refund"]
Quantity = Annotated[
    Decimal,
    Field(gt=0, le=INT4, decimal_places=4, allow_inf_nan=False, examples=["2"], description="More than zero"),
    BeforeValidator(exact),
]


class NewLine(Payload):
    """One article of an order."""

    product_id: UUID
    quantity: Quantity
    unit_price: Amount


class NewTransaction(Payload):
    """A sale (amount >= 0) or refund (amount <= 0), excluding tax.

    `external_id` is the caller's own reference: a repeat answers the first row. Rows with the same `order_id` form an
    order, all in the currency of its first sale.
    """

    external_id: ExternalId | None = None
    customer_id: UUID | None = None
    customer_external_id: ExternalId | None = None
    order_id: ExternalId | None = None
    occurred_at: Instant | None = Field(default=None, description="Now, unless given")
    kind: Kind
    amount: Amount
    currency: Currency | None = Field(default=None, description="The workspace's, unless given")
    cost: Amount | None = Field(default=None, description="Cost of goods, of the same currency and sign")
    lines: Annotated[list[NewLine], Field(max_length=500)] = []

    @field_validator("order_id", "currency", "cost", mode="before")
    @classmethod
    def _empty_is_unknown(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator("amount", "cost")
    @classmethod
    def _sign(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        kind = info.data.get("kind")
        if value is not None and kind is not None and (value < 0 if kind == "sale" else value > 0):
            message = "Amounts of a sale are not negative, those of a refund not positive."
            raise PydanticCustomError("bad_sign", message, {"code": "bad_sign"})
        return value


class TransactionBatch(Payload):
    """Up to 1,000 transactions. Rows are checked one by one: a bad one does not stop the others."""

    items: Rows


class Line(View):
    product_id: UUID
    quantity: MoneyText
    unit_price: MoneyText


class Transaction(View):
    """A sale or refund as recorded."""

    id: UUID
    customer_id: UUID
    external_id: str | None
    order_id: str | None
    kind: Kind
    occurred_at: Instant
    amount: MoneyText
    currency: str
    cost: MoneyText | None
    lines: list[Line]
    created_at: Instant


class TransactionListParameters(PageParameters):
    """Filters of the list; newest first unless sorted otherwise."""

    sort: Literal["occurred_at", "-occurred_at", "created_at", "-created_at"] = "-occurred_at"
    customer_id: UUID | None = None
    kind: Kind | None = None
    order_id: ExternalId | None = None
    external_id: ExternalId | None = None
    occurred_after: Instant | None = None
    occurred_before: Instant | None = None
