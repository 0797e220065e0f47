"""A product as callers send and get it."""

from typing import Literal
from uuid import UUID

from services.api.schemas import (
    Change,
    Currency,
    ExternalId,
    Flag,
    Instant,
    Label,
    MoneyText,
    Name,
    PageParameters,
    Payload,
    PositiveAmount,
    View,
)


class ProductFields(Payload):
    external_id: ExternalId | None = None
    category: Label | None = None
    unit_price: PositiveAmount | None = None
    active: Flag = True


class NewProduct(ProductFields):
    """An article or service to add. `currency` is the workspace's unless given."""

    name: Name
    currency: Currency | None = None


class ProductChange(ProductFields, Change):
    """What to change. At least one field."""

    name: Name = "?"
    currency: Currency = "EUR"


class Product(View):
    """An article or service as it is now. `version` is also its ETag."""

    id: UUID
    external_id: str | None
    name: str
    category: str | None
    unit_price: MoneyText | None
    currency: str
    active: bool
    version: int
    created_at: Instant
    updated_at: Instant


class ProductListParameters(PageParameters):
    """Filters of the list; all must hold."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"
    external_id: ExternalId | None = None
    category: Label | None = None
    active: bool | None = None
