"""/v1/customers"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.customers import batch, commands, queries, timeline
from services.api.customers.hot import read_customer
from services.api.customers.schemas import (
    Customer,
    CustomerBatch,
    CustomerChange,
    CustomerListParameters,
    NewCustomer,
    TimelineItem,
    TimelineParameters,
)
from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import BatchAnswer, Page

routes = router("customers", "customers")


@routes.get("", response_model=Page[Customer])
async def list_customers(door: AnyDoor, wanted: Annotated[CustomerListParameters, Query()]) -> Response:
    """Pages of customers by filters; `q` finds by name, e-mail, phone and numbers, accents folded."""
    return await door.read(queries.customers_by, wanted)


@routes.post("", status_code=201, response_model=Customer)
async def create_customer(door: RepDoor, new: NewCustomer) -> Response:
    """Add a customer."""
    return await door.write(commands.create_customer, new)


@routes.post("/batch", response_model=BatchAnswer)
async def upsert_customers(door: RepDoor, given: CustomerBatch) -> Response:
    """Create or change up to 1,000 customers by `external_id`, with an answer per row."""
    return await door.write(batch.upsert_customers, given)


@routes.get("/{customer_id}", response_model=Customer)
async def get_customer(door: AnyDoor, customer_id: UUID) -> Response:
    """One customer, with its ETag."""
    return await read_customer(door, customer_id)


@routes.patch("/{customer_id}", response_model=Customer)
async def update_customer(door: RepDoor, customer_id: UUID, change: CustomerChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_customer, customer_id, change, door.expected_version)


@routes.delete("/{customer_id}", status_code=204)
async def delete_customer(door: RepDoor, customer_id: UUID) -> Response:
    """Put a customer away; it can be restored."""
    return await door.write(commands.delete_customer, customer_id, door.expected_version)


@routes.post("/{customer_id}/restore", response_model=Customer)
async def restore_customer(door: RepDoor, customer_id: UUID) -> Response:
    """Bring a deleted customer back."""
    return await door.write(commands.restore_customer, customer_id)


@routes.get("/{customer_id}/timeline", response_model=Page[TimelineItem])
async def get_timeline(door: AnyDoor, customer_id: UUID, wanted: Annotated[TimelineParameters, Query()]) -> Response:
    """Everything that happened to a customer, newest first."""
    return await door.read(timeline.timeline_of, customer_id, wanted)
