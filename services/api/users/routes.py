"""/v1/users"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AdminDoor, AnyDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.users import commands, queries
from services.api.users.schemas import NewUser, User, UserChange, UserListParameters

routes = router("users", "access")


@routes.get("", response_model=Page[User])
async def list_users(door: AnyDoor, wanted: Annotated[UserListParameters, Query()]) -> Response:
    """Pages of people, by name."""
    return await door.read(queries.users_by, wanted)


@routes.post("", status_code=201, response_model=User)
async def create_user(door: AdminDoor, new: NewUser) -> Response:
    """Add a person."""
    return await door.write(commands.create_user, new)


@routes.get("/{user_id}", response_model=User)
async def get_user(door: AnyDoor, user_id: UUID) -> Response:
    """One person."""
    return await door.read(queries.user_by_id, user_id)


@routes.patch("/{user_id}", response_model=User)
async def update_user(door: AdminDoor, user_id: UUID, change: UserChange) -> Response:
    """Change the fields that are sent. People are deactivated (`active: false`), never deleted."""
    response = await door.write(commands.change_user, user_id, change, door.expected_version)
    door.services.keyring.forget()  # The other processes are told by the database; this one need not wait for it.
    return response
