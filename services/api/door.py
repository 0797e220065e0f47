"""The HTTP door: opens one transaction, calls one plain function, shapes the answer, commits, answers.

The commit happens before the response exists for the client: a commit that fails is never reported as a success.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

import asyncpg
from fastapi import Request
from sqlalchemy import select
from starlette.responses import Response

from services.api.idempotency import fingerprint_of, key_of, recall, remember
from services.api.security import Keyring, Principal
from services.api.wire import answer
from services.api.work import Work
from shared.db.session import Sessions, enter_workspace
from shared.errors import InvalidInput, NotFound
from shared.models import Workspace
from shared.settings import Settings

P = ParamSpec("P")
Command = Callable[Concatenate[Work, P], Awaitable[Any]]


@dataclass(slots=True)
class Services:
    """What the process built once, in `app.py`."""

    settings: Settings
    sessions: Sessions
    pool: asyncpg.Pool
    keyring: Keyring
    broker: Any = None
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command returns when the plain value is not enough: another status or headers."""

    body: Any
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Door:
    """Where a request enters. Routes call `read` or `write` with the function that does the work."""

    request: Request
    services: Services
    principal: Principal
    unconditional: bool = False

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A transaction in the caller's workspace, with row-level security bound to it. Commits at the end."""
        async with self.services.sessions() as session, session.begin():
            now = await enter_workspace(session, self.principal.workspace_id)
            work = Work(session, self.principal, now)
            if self.unconditional:
                await refuse_without_if_match(work)
            yield work

    async def read(self, query: Command[P], *args: P.args, **kwargs: P.kwargs) -> Response:
        """200 with the query's value and its ETag, or 304 when the caller has it already."""
        async with self.work() as work:
            value = await query(work, *args, **kwargs)
        if value is None:
            raise NotFound
        return unless_known(self.request, value)

    async def write(self, command: Command[P], *args: P.args, **kwargs: P.kwargs) -> Response:
        """200 (201 for a fresh `Answer`), or 204 when the command returns nothing."""
        key = key_of(self.request)
        if key is None:
            async with self.work() as work:
                return shape(await command(work, *args, **kwargs), 200)
        fingerprint = await fingerprint_of(self.request)
        async with self.work() as work:
            response = await recall(work, key, fingerprint)
            if response is None:
                response = shape(await command(work, *args, **kwargs), 200)
                await remember(work, key, fingerprint, response)
        return response

    @property
    def expected_version(self) -> int | None:
        """The version in If-Match; None when the caller does not insist (no header, or `*`)."""
        header = self.request.headers.get("if-match")
        self.unconditional = header is None
        return parse_if_match(header)


async def refuse_without_if_match(work: Work) -> None:
    """Raises InvalidInput (428) where the workspace wants every change to say which version it is of."""
    statement = select(Workspace.settings["require_if_match"].as_boolean()).where(Workspace.id == work.workspace_id)
    if await work.session.scalar(statement):
        error = InvalidInput.at("header:If-Match", "required", "This workspace wants the ETag that you read.")
        error.code = "precondition_required"
        raise error


def parse_if_match(header: str | None) -> int | None:
    if header is None or header.strip() == "*":
        return None
    tag = header.strip().strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise InvalidInput.at("header:If-Match", "bad_value", 'Send the ETag that you read, such as "3".')
    return int(tag)


def created(value: dict[str, Any], path: str) -> Answer:
    """201 with the place of the new thing."""
    return Answer(value, 201, {"Location": f"{path}/{value['id']}"})


def unless_known(request: Request, value: Any) -> Response:
    """200 with the value, or 304 when If-None-Match names its tag, or any (`*`)."""
    tag, given = etag_of(value), request.headers.get("if-none-match", "")
    if tag and (tag in given or given.strip() == "*"):
        return Response(status_code=304, headers={"ETag": tag})
    return shape(value, 200)


def shape(value: Any, status: int) -> Response:
    headers: dict[str, str] = {}
    if isinstance(value, Answer):
        value, status, headers = value.body, value.status or status, dict(value.headers)
    if value is None:
        return Response(status_code=204)
    if tag := etag_of(value):
        headers["ETag"] = tag
    return answer(value, status, headers)


def etag_of(value: Any) -> str | None:
    """A strong tag: the record's version, which every write raises."""
    version = value.get("version") if isinstance(value, dict) else None
    return f'"{version}"' if version is not None else None
