"""Before the services start: the newest schema, the event stream, a first workspace and the key to it.

Repeated at every start: what is there is left alone. A lost or outdated key file gets a new key.
"""

import asyncio
import os
from pathlib import Path

from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.api.security import hash_key
from services.cli.database import FIRST_WORKSPACE, sessions_of
from services.cli.workspaces import NewWorkspace, create_workspace, issue_key
from shared.db.engine import create_engine
from shared.db.migrate import migrate
from shared.db.session import transaction
from shared.errors import TemporarilyUnavailable
from shared.messaging import connect_broker, ensure_stream
from shared.settings import Settings

_LOCK = text("select pg_advisory_xact_lock(7221005)")
_EXISTING = text("select id from workspace where name = :name")
_VALID = text("""
select exists (select from api_key k
                where k.workspace_id = :workspace_id and k.key_hash = :digest and k.role = 'admin'
                  and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))
""")
_TRIES = 40


async def prepare(settings: Settings, token_file: Path) -> None:
    await bring_up_to_date(settings)
    await _create_stream(settings)
    async with sessions_of(settings) as sessions, transaction(sessions) as session:
        await _open_first_workspace(session, settings, token_file)


async def bring_up_to_date(settings: Settings) -> None:
    """The command `migrate`."""
    engine = create_engine(settings.sqlalchemy_url, application="migrate")
    try:
        await migrate(engine)
    finally:
        await engine.dispose()


async def _create_stream(settings: Settings) -> None:
    broker = await _connect(settings)
    try:
        await ensure_stream(broker.jetstream(), replicas=settings.nats_replicas)
    finally:
        await broker.close()


async def _connect(settings: Settings) -> Client:
    """Waits for a broker that is just starting."""
    for _ in range(_TRIES - 1):
        try:
            return await connect_broker(settings.nats_url, name="prepare")
        except TemporarilyUnavailable:
            await asyncio.sleep(0.5)
    return await connect_broker(settings.nats_url, name="prepare")


async def _open_first_workspace(session: AsyncSession, settings: Settings, token_file: Path) -> None:
    await session.execute(_LOCK)
    workspace_id = await session.scalar(_EXISTING, {"name": FIRST_WORKSPACE})
    if workspace_id is None:
        new = NewWorkspace(FIRST_WORKSPACE, settings.default_timezone, settings.default_currency)
        workspace_id = await create_workspace(session, new)
    known = _read(token_file)
    if known and await session.scalar(_VALID, {"workspace_id": workspace_id, "digest": hash_key(known)}):
        return
    key = await issue_key(session, workspace_id, role="admin", name="admin.token")
    # Written before the commit: a key that is in no file would be lost, one that is not valid yet is replaced.
    _write_privately(token_file, key)


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return None


def _write_privately(file: Path, key: str) -> None:
    """Readable by its owner alone, and there completely or not at all."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as writing:
        writing.write(key + "\n")
        writing.flush()
        os.fsync(writing.fileno())
    draft.replace(file)
