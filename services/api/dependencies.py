"""What routes ask for: a door, for whom it opens and how wide."""

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import Depends, Request

from services.api.door import Door, Services
from services.api.security import RANK
from shared.errors import Forbidden


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
