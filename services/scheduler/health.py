"""What the scheduler needs to work, how late it is, and when its last periodic job ran."""

from datetime import timedelta
from typing import Any, Final

from nats.aio.client import Client
from sqlalchemy import text

from services.scheduler.consumers import NAME
from services.scheduler.due import longest_wait
from shared.db.session import Sessions
from shared.health import Check
from shared.messaging import ask_broker, backlog

LATE: Final = timedelta(minutes=5)
_LAST_JOB: Final = text(
    "select job, finished_at, status from job_run"
    " where started_at > now() - interval '2 days' order by started_at desc limit 1"
)


class Late(RuntimeError):
    """Something that is due waits too long."""


def checks(sessions: Sessions, client: Client) -> dict[str, Check]:
    """The checks of `/health/ready`."""

    async def database() -> dict[str, Any]:
        async with sessions() as session:
            row = (await session.execute(_LAST_JOB)).mappings().first()
        return {"last_job": dict(row) if row else None}

    async def due_actions() -> dict[str, Any]:
        async with sessions() as session:
            waited = await longest_wait(session)
        if waited > LATE:
            raise Late
        return {"lateness_seconds": waited.total_seconds()}

    async def broker() -> dict[str, Any]:
        await ask_broker(client)
        return {"backlog": await backlog(client.jetstream(timeout=1), NAME)}

    return {"database": database, "due_actions": due_actions, "broker": broker}
