"""Keep the catalogue. Nothing is computed from it, so nothing is told."""

from typing import Any
from uuid import UUID

from services.api import records
from services.api.door import Answer, created
from services.api.locality import locality_of
from services.api.products.queries import as_product
from services.api.products.schemas import NewProduct, ProductChange
from services.api.work import Work
from shared.models import Product


async def create_product(work: Work, new: NewProduct) -> Answer:
    """Adds a product. A taken `external_id` is a conflict."""
    currency = new.currency or (await locality_of(work)).currency
    row = await records.add(work, Product, new.model_dump() | {"currency": currency})
    return created(as_product(row), "/v1/products")


async def change_product(work: Work, product_id: UUID, change: ProductChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs."""
    current = await records.lock(work, Product, product_id, version=version)
    values = records.differences(Product, current, change)
    return as_product(await records.change(work, Product, product_id, values) if values else current)


async def delete_product(work: Work, product_id: UUID, version: int | None) -> None:
    """Removes a product that no opportunity names; lines of past orders keep its id."""
    await records.lock(work, Product, product_id, version=version)
    await records.remove(work, Product, product_id)
