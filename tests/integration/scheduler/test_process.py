"""The whole process, with a real broker and a real mail server, as `python -m services.scheduler` runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import asyncpg
from nats.js import JetStreamContext

from services.scheduler.app import run
from services.scheduler.desk import Desk
from services.scheduler.housekeeping import forget_answers, forget_import_chunks
from services.scheduler.loops import Signals
from services.scheduler.partitions import create_partitions
from shared.db.session import transaction
from shared.events.segments import SegmentEntered
from shared.outbox.append import append
from shared.settings import Settings
from tests.integration.scheduler.mail_server import MailServer
from tests.integration.scheduler.world import LETTERHEAD, World, email


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - another process does it: only looking tells.
            await asyncio.sleep(0.05)


async def test_an_event_in_the_outbox_becomes_a_mail_and_two_processes_stop_when_told_to(
    world: World, settings: Settings, mail_server: MailServer, broker: JetStreamContext
) -> None:
    segment, customer = await world.segment(), await world.customer()
    await world.sequence([email("hello", await world.template())], segment_id=segment)
    configured = settings.model_copy(update={"smtp_url": mail_server.url})
    signals = Signals()
    processes = [asyncio.create_task(run(configured, signals)) for _ in range(2)]

    async with transaction(world.sessions) as session:
        event = SegmentEntered(customer, segment, 1)
        await append(session, world.workspace_id, [event], now=await world.now())

    async def is_sent() -> bool:
        return await world.all("message", "status") == [("sent",)]

    async def is_told() -> bool:
        return await world.all("outbox") == []

    await until(is_sent)
    await until(is_told)
    signals.stopping.set()
    await asyncio.wait_for(asyncio.gather(*processes), 20)

    assert [str(mail["To"]) for mail in mail_server.received] == ["camille@example.org"]
    jobs = await world.owner.fetch("select distinct job from job_run where status = 'finished'")
    assert {row["job"] for row in jobs} >= {"reminders", "kpi_alerts", "partitions"}


async def decision(owner: asyncpg.Connection, world: World, day: date) -> None:
    await owner.execute(
        "insert into decision (workspace_id, occurs_on, occurrence_key, kind, rule_id, rule_version, outcome,"
        " decided_at) values ($1, $2, 'k', 'alert', $1, 1, 'sent', now())",
        world.workspace_id, day,
    )  # fmt: skip


async def test_partitions_are_made_ahead_once_and_never_where_rows_lie_already(
    world: World, owner: asyncpg.Connection
) -> None:
    await decision(owner, world, date(2031, 2, 10))

    async def create() -> list[str]:
        async with transaction(world.sessions) as session:
            made = await create_partitions(Desk(session, LETTERHEAD, datetime(2031, 1, 31, tzinfo=UTC)))
        created: list[str] = made["created"]
        return created

    first = await create()

    assert len(first) == 11
    assert "decision_p203101" in first
    assert "decision_p203102" not in first
    assert await create() == []
    await decision(owner, world, date(2031, 1, 10))
    assert await owner.fetchval("select count(*) from decision_p203101") == 1


async def test_remembered_answers_are_kept_for_a_day_and_files_until_their_import_is_over(
    world: World, owner: asyncpg.Connection
) -> None:
    for key, age in (("old", "25 hours"), ("new", "23 hours")):
        await owner.execute(
            "insert into idempotency_key (workspace_id, key, fingerprint, created_at)"
            " values ($1, $2, '', now() - cast($3 as text)::interval)",
            world.workspace_id, key, age,
        )  # fmt: skip
    for status in ("completed", "merging"):
        import_id = await world.insert("import", entity="customers", status=status, filename=f"{status}.csv")
        await owner.execute(
            "insert into import_chunk (workspace_id, import_id, position, content) values ($1, $2, 0, '')",
            world.workspace_id, import_id,
        )  # fmt: skip

    async with transaction(world.sessions) as session:
        desk = Desk(session, LETTERHEAD, await world.now())
        assert await forget_answers(desk) == {"deleted": 1}
        assert await forget_import_chunks(desk) == {"deleted": 1}

    assert await world.all("idempotency_key", "key") == [("new",)]
    kept = await owner.fetch("select i.status from import_chunk c join import i on i.id = c.import_id")
    assert [row["status"] for row in kept] == ["merging"]
