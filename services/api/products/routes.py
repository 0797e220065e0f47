"""/v1/products"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, ManagerDoor
from services.api.products import commands, queries
from services.api.products.schemas import NewProduct, Product, ProductChange, ProductListParameters
from services.api.routing import router
from services.api.schemas import Page

routes = router("products", "products")


@routes.get("", response_model=Page[Product])
async def list_products(door: AnyDoor, wanted: Annotated[ProductListParameters, Query()]) -> Response:
    """Pages of products."""
    return await door.read(queries.products_by, wanted)


@routes.post("", status_code=201, response_model=Product)
async def create_product(door: ManagerDoor, new: NewProduct) -> Response:
    """Add a product."""
    return await door.write(commands.create_product, new)


@routes.get("/{product_id}", response_model=Product)
async def get_product(door: AnyDoor, product_id: UUID) -> Response:
    """One product."""
    return await door.read(queries.product_by_id, product_id)


@routes.patch("/{product_id}", response_model=Product)
async def update_product(door: ManagerDoor, product_id: UUID, change: ProductChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_product, product_id, change, door.expected_version)


@routes.delete("/{product_id}", status_code=204)
async def delete_product(door: ManagerDoor, product_id: UUID) -> Response:
    """Remove a product that no opportunity names."""
    return await door.write(commands.delete_product, product_id, door.expected_version)
