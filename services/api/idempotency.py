"""Idempotency-Key: the answer is stored in the transaction of its effect, so a retry gets it again, and only it."""

import hashlib
from datetime import timedelta

from fastapi import Request
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from starlette.responses import Response

from services.api.work import Work
from shared.errors import Conflict, InvalidInput
from shared.models import IdempotencyKey

KEEP = timedelta(hours=24)
MAX_LENGTH = 255
_TRY_LOCK = text("select pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
_KEPT_HEADERS = ("location", "etag", "content-type")


def key_of(request: Request) -> str | None:
    """The header's value, quoted (as the draft has it) or bare."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return None
    key = given.strip().removeprefix('"').removesuffix('"')
    if not key or len(key) > MAX_LENGTH or not (key.isascii() and key.isprintable()):
        detail = f"Between 1 and {MAX_LENGTH} printable ASCII characters."
        raise InvalidInput.at("header:Idempotency-Key", "bad_value", detail)
    return key


async def fingerprint_of(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return digest.digest()


async def recall(work: Work, key: str, fingerprint: bytes) -> Response | None:
    """The stored answer of the same request; None if this is the first. Raises Conflict while one is running."""
    if not await work.session.scalar(_TRY_LOCK, {"key": f"{work.workspace_id}/{key}"}):
        raise Conflict("A request with this Idempotency-Key is running.", code="idempotency_conflict")
    row = (
        await work.session.execute(
            select(IdempotencyKey).where(
                IdempotencyKey.workspace_id == work.workspace_id,
                IdempotencyKey.key == key,
                IdempotencyKey.created_at > func.now() - KEEP,
            )
        )
    ).scalar_one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key belongs to another request.", code="idempotency_mismatch")
    return Response(row.body or b"", row.status or 200, {**row.headers, "Idempotent-Replayed": "true"})


async def remember(work: Work, key: str, fingerprint: bytes, response: Response) -> None:
    """Store an answer; takes the place of an expired one."""
    values = {
        "workspace_id": work.workspace_id,
        "key": key,
        "fingerprint": fingerprint,
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        "body": bytes(response.body),
    }
    statement = insert(IdempotencyKey).values(values)
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "key"],
            set_={**values, "created_at": func.now()},
        )
    )
