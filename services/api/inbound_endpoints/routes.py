"""/v1/inbound-endpoints

Answers that hold a secret are not remembered for an Idempotency-Key: they would be stored in clear.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AdminsOnlyDoor
from services.api.door import Door, created, shape
from services.api.inbound_endpoints import commands, queries
from services.api.inbound_endpoints.schemas import (
    InboundEndpoint,
    InboundEndpointChange,
    InboundEndpointListParameters,
    NewInboundEndpoint,
)
from services.api.routing import router
from services.api.schemas import Page
from shared.secrets_box import SecretsBox

routes = router("inbound-endpoints", "webhooks")


def _box(door: Door) -> SecretsBox:
    return SecretsBox(door.services.settings.secret_key.get_secret_value())


@routes.get("", response_model=Page[InboundEndpoint])
async def list_inbound_endpoints(
    door: AdminsOnlyDoor, wanted: Annotated[InboundEndpointListParameters, Query()]
) -> Response:
    """Pages of endpoints, oldest first."""
    return await door.read(queries.endpoints_by, wanted, door.services.settings.public_url)


@routes.post("", status_code=201, response_model=InboundEndpoint)
async def create_inbound_endpoint(door: AdminsOnlyDoor, new: NewInboundEndpoint) -> Response:
    """Open an address for a tool to call. The secret is shown once."""
    async with door.work() as work:
        opened = await commands.open_endpoint(work, new, _box(door), door.services.settings.public_url)
    return shape(created(opened, "/v1/inbound-endpoints"), 201)


@routes.get("/{endpoint_id}", response_model=InboundEndpoint)
async def get_inbound_endpoint(door: AdminsOnlyDoor, endpoint_id: UUID) -> Response:
    """One endpoint, without its secret."""
    return await door.read(queries.endpoint_by_id, endpoint_id, door.services.settings.public_url)


@routes.patch("/{endpoint_id}", response_model=InboundEndpoint)
async def update_inbound_endpoint(door: AdminsOnlyDoor, endpoint_id: UUID, change: InboundEndpointChange) -> Response:
    """Rename, switch off or on, or replace the secret."""
    async with door.work() as work:
        changed = await commands.change_endpoint(
            work, endpoint_id, change, _box(door), door.services.settings.public_url
        )
    return shape(changed, 200)


@routes.delete("/{endpoint_id}", status_code=204)
async def delete_inbound_endpoint(door: AdminsOnlyDoor, endpoint_id: UUID) -> Response:
    """Close the address."""
    return await door.write(commands.close_endpoint, endpoint_id)
