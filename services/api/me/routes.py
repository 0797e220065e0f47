"""/v1/me"""

from fastapi import Response

from services.api.dependencies import AnyDoor
from services.api.me.queries import caller
from services.api.me.schemas import Me
from services.api.routing import router

routes = router("me", "access")


@routes.get("", response_model=Me)
async def get_me(door: AnyDoor) -> Response:
    """Who is calling, in which role and workspace."""
    return await door.read(caller)
