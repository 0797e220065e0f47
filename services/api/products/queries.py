"""Read products. Everybody in the workspace sees all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.amounts import amount_text
from services.api.pagination import Column, Sort
from services.api.products.schemas import ProductListParameters
from services.api.work import Work
from shared.models import Product

NAMES = ("id", "external_id", "name", "category", "currency", "active", "version", "created_at", "updated_at")
SORTABLE: dict[str, Column] = {"name": Product.name, "created_at": Product.created_at}


def as_product(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES} | {"unit_price": amount_text(row["unit_price"], row["currency"])}


async def product_by_id(work: Work, product_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_product(await records.find(work, Product, product_id))


async def products_by(work: Work, wanted: ProductListParameters) -> dict[str, Any]:
    sort = Sort.parse(wanted.sort, SORTABLE, id=Product.id, default="name")
    conditions = records.matching(Product, wanted, "external_id", "category", "active")
    return await records.listed(work, Product, wanted, sort, as_product, *conditions)
