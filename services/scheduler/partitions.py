"""Monthly partitions of the tables that grow for ever, made ahead: `decision_p202611` holds November 2026.

What no partition covers lies in the default one: nothing is ever lost for want of a partition.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.desk import Desk
from shared.domain.durations import add_months
from shared.logging import get_logger

MONTHS_AHEAD: Final = 3
PARTITIONED: Final = ("decision", "message_event", "job_run")


async def create_partitions(desk: Desk) -> dict[str, Any]:
    """Make what is missing of this month and the next ones. Repeating it makes nothing."""
    made = []
    month = desk.now.date().replace(day=1)
    for number in range(MONTHS_AHEAD + 1):
        first = add_months(month, number)
        made += [name for table in PARTITIONED if (name := await _create(desk.session, table, first))]
    return {"created": made}


async def _create(session: AsyncSession, table: str, first: date) -> str | None:
    """The new partition's name; None if it is there, or if the default one already holds rows of that month."""
    name, end = f"{table}_p{first:%Y%m}", add_months(first, 1)
    if await session.scalar(text("select to_regclass(:name)"), {"name": name}) is not None:
        return None
    await session.execute(text("set local lock_timeout = '3s'"))
    if await session.scalar(text(_OCCUPIED[table]), {"first": first, "end": end}):
        get_logger().info("partition.not_created", partition=name, why="the default partition has rows of it")
        return None
    names = {"name": name, "parent": table, "first": first.isoformat(), "end": end.isoformat()}
    await session.execute(text(str(await session.scalar(_CREATE, names))))
    return name


# Names cannot be bound: the database itself quotes them into the statement.
_CREATE: Final = text("""
select format('create table %I partition of %I for values from (%L) to (%L)',
              cast(:name as text), cast(:parent as text), cast(:first as text), cast(:end as text))
""")
_OCCUPIED: Final = {
    "decision": """
        select exists (select from decision_default
                        where occurs_on >= cast(:first as date) and occurs_on < cast(:end as date))
    """,
    "message_event": """
        select exists (select from message_event_default
                        where occurred_at >= cast(:first as date) and occurred_at < cast(:end as date))
    """,
    "job_run": """
        select exists (select from job_run_default
                        where scheduled_for >= cast(:first as date) and scheduled_for < cast(:end as date))
    """,
}
