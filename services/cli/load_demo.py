"""The demonstration: two portfolios, and the automation that makes them move. Nothing is loaded twice.

The order matters: facts, then segments, then, once everybody is in the segments, the sequences. Who entered a segment
before a sequence existed does not run through it, so a fresh demonstration mails nobody.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.cli.answers import Advance
from services.cli.database import FIRST_WORKSPACE, sessions_of, workspace_named
from shared.clock import workspace_now
from shared.db.session import Sessions, transaction
from shared.settings import Settings

_LOCK = text("select pg_advisory_xact_lock(7221006)")
_IS_LOADED = text("""
select exists (select from customer where workspace_id = :workspace_id and external_id like 'fr-%')
    or exists (select from product where workspace_id = :workspace_id and external_id like 'maven-%')
""")
_HAS_AUTOMATION = text("select exists (select from sequence where workspace_id = :workspace_id)")
_PLACE = text("select timezone, currency from workspace where id = :workspace_id")


@dataclass(frozen=True, slots=True)
class Loaded:
    """`settled` is false when the segmenter was not ready in time: the automation then follows at the next load."""

    rows: int
    automation: int
    settled: bool


async def load_demo(settings: Settings, *, patience: float, advance: Advance) -> Loaded:
    async with sessions_of(settings) as sessions:
        async with transaction(sessions) as session:
            await session.execute(_LOCK)
            workspace_id = await workspace_named(session, FIRST_WORKSPACE)
            rows = await _load_rows(session, workspace_id)
        if await _has_automation(sessions, workspace_id):
            return Loaded(rows, 0, settled=True)
        async with transaction(sessions) as session:
            segments = await _create_segments(session, workspace_id)
        settled = await _settle(settings, sessions, patience=patience, advance=advance)
        if not settled:
            return Loaded(rows, segments, settled=False)
        async with transaction(sessions) as session:
            created = await _create_automation(session, workspace_id, settings)
        return Loaded(rows, segments + created, settled=True)


async def _load_rows(session: AsyncSession, workspace_id: UUID) -> int:
    if await session.scalar(_IS_LOADED, {"workspace_id": workspace_id}):
        return 0
    from services.cli.demo import b2c, maven
    from services.cli.portfolio_loading import load_portfolio

    timezone, currency = (await session.execute(_PLACE, {"workspace_id": workspace_id})).one()
    now = await workspace_now(session, workspace_id)
    today: date = now.astimezone(ZoneInfo(timezone)).date()
    portfolios = [source.portfolio(today, timezone=timezone, currency=currency) for source in (maven, b2c)]
    return sum([await load_portfolio(session, workspace_id, portfolio, now) for portfolio in portfolios])


async def _has_automation(sessions: Sessions, workspace_id: UUID) -> bool:
    async with sessions() as session:
        return bool(await session.scalar(_HAS_AUTOMATION, {"workspace_id": workspace_id}))


async def _settle(settings: Settings, sessions: Sessions, *, patience: float, advance: Advance) -> bool:
    from services.cli.draining import wait_until_drained
    from shared.messaging import connect_broker

    broker = await connect_broker(settings.nats_url, name="load-demo")
    try:
        return await wait_until_drained(sessions, broker.jetstream(), patience=patience, advance=advance)
    finally:
        await broker.close()


async def _create_segments(session: AsyncSession, workspace_id: UUID) -> int:
    from services.cli.demo_automation import as_admin, create_segments

    return await create_segments(await as_admin(session, workspace_id))


async def _create_automation(session: AsyncSession, workspace_id: UUID, settings: Settings) -> int:
    from services.cli.demo_automation import as_admin, create_automation

    return await create_automation(await as_admin(session, workspace_id), settings)
