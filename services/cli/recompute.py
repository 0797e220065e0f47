"""The command `recompute`: every figure of a workspace, or of all, computed again from the facts."""

from dataclasses import dataclass

from sqlalchemy import text

from services.cli.answers import Advance, CommandFailed
from services.cli.database import sessions_of, workspace_named
from services.cli.draining import wait_until_drained
from shared.clock import workspace_now
from shared.db.session import Sessions, transaction
from shared.events.segments import RecomputeRequested
from shared.messaging import connect_broker
from shared.outbox.append import append
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """How many workspaces were asked for, and whether all is computed."""

    workspaces: int
    drained: bool


async def recompute(settings: Settings, workspace: str | None, *, patience: float, advance: Advance) -> Asked:
    """Asks, and waits at most `patience` seconds. The segmenter goes on if that was too short."""
    async with sessions_of(settings) as sessions:
        asked = await _request(sessions, workspace)
        if patience <= 0:
            return Asked(asked, drained=False)
        broker = await connect_broker(settings.nats_url, name="recompute")
        try:
            drained = await wait_until_drained(sessions, broker.jetstream(), patience=patience, advance=advance)
        finally:
            await broker.close()
    if not drained:
        raise CommandFailed(f"Not everything was computed within {patience:.0f} s; it goes on. Does the segmenter run?")
    return Asked(asked, drained=True)


async def _request(sessions: Sessions, workspace: str | None) -> int:
    async with transaction(sessions) as session:
        if workspace is None:
            ids = list((await session.execute(text("select id from workspace"))).scalars())
        else:
            ids = [await workspace_named(session, workspace)]
        for id_ in ids:
            event = RecomputeRequested("command line")
            await append(session, id_, [event], now=await workspace_now(session, id_))
    return len(ids)
