"""A test clock that is advanced does what real time would have done, in order, once."""

import asyncio
from datetime import UTC, date, datetime

from sqlalchemy import select

from services.scheduler.due import DueSteps
from services.scheduler.runs import JobRuns
from services.scheduler.virtual_time import VirtualTime
from shared.events.automation import EnrollmentRequested
from shared.models import Workspace
from tests.integration.scheduler.test_reminders import BIRTHDAYS, EXPIRIES, contract, rule
from tests.integration.scheduler.world import LETTERHEAD, World, email


def clock_of(world: World) -> VirtualTime:
    """Without a segmenter and a relay there is nobody to wait for."""
    steps, runs = DueSteps(world.sessions, LETTERHEAD), JobRuns(world.sessions, LETTERHEAD)
    return VirtualTime(world.sessions, steps, runs, world.deliveries(), patience=0)


async def is_advancing(world: World) -> bool:
    async with world.sessions() as session:
        return await session.scalar(select(Workspace.clock_target)) is not None


async def advance(world: World, target: datetime, drivers: int = 1) -> None:
    await world.owner.execute("update workspace set clock_target = $2 where id = $1", world.workspace_id, target)

    async def drive() -> None:
        clock = clock_of(world)
        while await is_advancing(world):
            if not await clock.advance_all():
                await asyncio.sleep(0.1)

    await asyncio.gather(*(drive() for _ in range(drivers)))


async def test_three_months_fire_everything_once_and_on_its_day(sandbox: World) -> None:
    await sandbox.set_clock(datetime(2026, 1, 15, 9, tzinfo=UTC))
    await rule(sandbox, BIRTHDAYS)
    await rule(sandbox, EXPIRIES)
    template = await sandbox.template()
    camille = await sandbox.customer(birth_date="1980-02-29")
    kai = await sandbox.customer("Kai", birth_date="--03-01", timezone="Pacific/Honolulu", email="kai@example.org")
    await sandbox.customer("Plus tard", birth_date="--06-01", email="later@example.org")
    await contract(sandbox, camille, date(2026, 4, 1))
    weekly = {"days": ["mon"], "from": "09:00", "to": "18:00", "timezone": "workspace"}
    steps = [email("one", template), {"id": "w", "type": "wait", "for": "P30D"}, email("two", template)]
    sequence = await sandbox.sequence(steps, send_window=weekly)
    await sandbox.happens(EnrollmentRequested(camille, sequence))

    await advance(sandbox, datetime(2026, 4, 15, 9, tzinfo=UTC), drivers=2)

    assert await sandbox.all("reminder", "customer_id, occurs_on, days_before", "occurs_on, days_before") == [
        (camille, date(2026, 2, 28), 0),
        (kai, date(2026, 3, 1), 0),
        (camille, date(2026, 3, 2), 30),
        (camille, date(2026, 3, 25), 7),
        (camille, date(2026, 4, 1), 0),
    ]
    assert len(await sandbox.all("task")) == 5
    sent = await sandbox.all("message", "step_id, status, sent_at::date", "sent_at")
    assert sent == [("one", "sent", date(2026, 1, 19)), ("two", "sent", date(2026, 2, 23))]
    assert (await sandbox.now()).date() == date(2026, 4, 15)


async def test_a_real_workspace_has_no_clock_to_move(world: World) -> None:
    await world.owner.execute("update workspace set clock_target = now() + interval '30 days'")

    assert not await clock_of(world).advance_all()

    offset = await world.owner.fetchval("select clock_offset from workspace where id = $1", world.workspace_id)
    assert offset.total_seconds() == 0
