"""/v1/api-keys

The answer that holds a key is not remembered for an Idempotency-Key: it would be stored in clear.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.api_keys import commands, queries
from services.api.api_keys.schemas import ApiKey, ApiKeyListParameters, IssuedApiKey, NewApiKey
from services.api.dependencies import AdminsOnlyDoor
from services.api.door import created, shape
from services.api.routing import router
from services.api.schemas import Page

routes = router("api-keys", "access")


@routes.get("", response_model=Page[ApiKey])
async def list_api_keys(door: AdminsOnlyDoor, wanted: Annotated[ApiKeyListParameters, Query()]) -> Response:
    """Pages of keys, newest first, revoked ones included."""
    return await door.read(queries.keys_by, wanted)


@routes.post("", status_code=201, response_model=IssuedApiKey)
async def create_api_key(door: AdminsOnlyDoor, new: NewApiKey) -> Response:
    """Make a key. It is shown once."""
    async with door.work() as work:
        issued = await commands.issue_key(work, new)
    return shape(created(issued, "/v1/api-keys"), 201)


@routes.get("/{key_id}", response_model=ApiKey)
async def get_api_key(door: AdminsOnlyDoor, key_id: UUID) -> Response:
    """One key, without its text."""
    return await door.read(queries.key_by_id, key_id)


@routes.delete("/{key_id}", status_code=204)
async def delete_api_key(door: AdminsOnlyDoor, key_id: UUID) -> Response:
    """Revoke a key. It stops working at once."""
    response = await door.write(commands.revoke_key, key_id)
    door.services.keyring.forget()  # The other processes are told by the database; this one need not wait for it.
    return response
