"""The commands `dead-letters list` and `dead-letters replay`: events that a consumer gave up on."""

from typing import Any

import orjson
from sqlalchemy import func, select, update

from services.cli.answers import CommandFailed
from services.cli.database import sessions_of, workspace_named
from shared.db.session import transaction
from shared.domain.ids import uuid7
from shared.messaging import STREAM, connect_broker, subject_of
from shared.models import DeadLetter
from shared.settings import Settings

COLUMNS = ("id", "workspace_id", "consumer", "type", "customer_id", "attempts", "at", "replayed_at", "error")
_MOST = 1000


async def list_dead_letters(settings: Settings, workspace: str | None, *, replayed: bool) -> list[dict[str, Any]]:
    """The newest thousand, newest first; those that were replayed only if asked for."""
    statement = select(*(getattr(DeadLetter, name) for name in COLUMNS)).order_by(DeadLetter.at.desc()).limit(_MOST)
    async with sessions_of(settings) as sessions, sessions() as session:
        if workspace is not None:
            statement = statement.where(DeadLetter.workspace_id == await workspace_named(session, workspace))
        if not replayed:
            statement = statement.where(DeadLetter.replayed_at.is_(None))
        rows = (await session.execute(statement)).all()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


async def replay_dead_letters(settings: Settings, ids: list[int]) -> int:
    """Publish them again, as they were, to every consumer: handlers converge, so only the one that failed is affected.

    No ids means all that were not replayed yet. Raises CommandFailed for ids that are not there.
    """
    broker = await connect_broker(settings.nats_url, name="dead-letters")
    try:
        async with sessions_of(settings) as sessions, transaction(sessions) as session:
            wanted = DeadLetter.id.in_(ids) if ids else DeadLetter.replayed_at.is_(None)
            letters = (await session.scalars(select(DeadLetter).where(wanted).with_for_update())).all()
            if unknown := set(ids) - {letter.id for letter in letters}:
                raise CommandFailed(f"There is no dead letter {', '.join(map(str, sorted(unknown)))}.")
            for letter in letters:
                await broker.jetstream().publish(
                    subject_of(letter.workspace_id, letter.type),
                    orjson.dumps(letter.body),
                    stream=STREAM,
                    headers={"Nats-Msg-Id": f"replay-{uuid7()}"},  # The broker drops what it has seen.
                )
            done = update(DeadLetter).where(DeadLetter.id.in_([letter.id for letter in letters]))
            await session.execute(done.values(replayed_at=func.now()))
    finally:
        await broker.close()
    return len(letters)
