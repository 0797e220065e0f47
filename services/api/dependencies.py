"""What routes ask for: a door, for whom it opens and how wide."""

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer, OAuth2PasswordBearer

from services.api.door import Door, Services
from services.api.security import RANK
from shared.errors import Forbidden

API_KEY = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="An API key, or a token of /v1/auth/token")
PASSWORD = OAuth2PasswordBearer("/v1/auth/token", auto_error=False, scheme_name="Password")


def services_of(request: Request) -> Services:
    return cast(Services, request.app.state.services)


def door_for(role: str = "rep", *, readers: str = "readonly") -> Callable[[Request], Awaitable[Door]]:
    """A door that lets readers of at least the role `readers` in, and writers of at least `role`."""

    async def open_door(request: Request) -> Door:
        services = services_of(request)
        principal = await services.keyring.authenticate(request.headers.get("authorization"))
        resource = request.scope["route"].path.split("/")[2]
        writes = request.method not in {"GET", "HEAD"}
        principal.require(resource, write=writes, role=role)
        if RANK[principal.role] < RANK[readers]:
            raise Forbidden(f"The role {principal.role} may not read this.")
        return Door(request, services, principal)

    return open_door


AnyDoor = Annotated[Door, Depends(door_for("readonly"))]
RepDoor = Annotated[Door, Depends(door_for("rep"))]
ManagerDoor = Annotated[Door, Depends(door_for("manager"))]
AdminDoor = Annotated[Door, Depends(door_for("admin"))]
AdminsOnlyDoor = Annotated[Door, Depends(door_for("admin", readers="admin"))]

# Documents the ways in; the door itself does the checking.
AUTHENTICATED = [Security(API_KEY), Security(PASSWORD)]
