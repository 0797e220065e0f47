"""/u/{token}: no key, no cookie, no redirect. GET changes nothing, because scanners follow links."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Request, Response

from services.api.dependencies import services_of
from services.api.errors import language_of
from services.api.security import Principal
from services.api.unsubscribe import commands
from services.api.unsubscribe.page import page
from services.api.work import Work
from shared.db.session import enter_workspace
from shared.texts import closest_language
from shared.unsubscribe import Unsubscription, read_unsubscribe_token

routes = APIRouter(include_in_schema=False)


@routes.get("/u/{token}")
async def show_unsubscribe_page(request: Request, token: str) -> Response:
    """Ask, with a button."""
    return await _answer(request, token, decided=False)


@routes.post("/u/{token}")
async def unsubscribe(request: Request, token: str) -> Response:
    """Opt out: the button of the page, or the mail program's one click."""
    return await _answer(request, token, decided=True)


async def _answer(request: Request, token: str, *, decided: bool) -> Response:
    wish = read_unsubscribe_token(services_of(request).settings.secret_key.get_secret_value(), token)
    if wish is None:
        return page("invalid", language_of(request), status=404)
    async with _work(request, wish) as work:
        reader = await (commands.unsubscribe if decided else commands.reader_of)(work, wish)
    if reader is None:
        return page("invalid", language_of(request), status=404)
    language = closest_language(reader.language) if reader.language else language_of(request)
    message = "done" if decided else "question"
    return page(message, language, button=not decided, address=reader.address, company=reader.company)


@asynccontextmanager
async def _work(request: Request, wish: Unsubscription) -> AsyncIterator[Work]:
    """A transaction in the workspace of the link. Commits at the end."""
    async with services_of(request).sessions() as session, session.begin():
        now = await enter_workspace(session, wish.workspace_id)
        yield Work(session, Principal(wish.workspace_id, wish.customer_id, "admin"), now)
