"""/v1/auth/token: a door of its own, for people who have no credential yet."""

from typing import Annotated

from fastapi import Form, Request, Response

from services.api.auth.commands import log_in
from services.api.auth.schemas import AccessToken, Login
from services.api.dependencies import services_of
from services.api.routing import router
from services.api.wire import answer

routes = router("auth", "access")


@routes.post("/token", response_model=AccessToken)
async def create_access_token(request: Request, login: Annotated[Login, Form()]) -> Response:
    """Exchange e-mail and password for a token (OAuth 2 password form)."""
    async with services_of(request).sessions() as session, session.begin():
        token = await log_in(session, login)
    return answer(token, headers={"Cache-Control": "no-store"})
