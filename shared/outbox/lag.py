"""How far behind what follows a commit is: events that no relay has taken, and those that each consumer has before it.

Measured when somebody asks, by whoever is asked: a process that is frozen, or lost its lock, says nothing about itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from math import nan
from typing import Final

from nats.aio.client import Client
from sqlalchemy import text

from shared.db.session import Sessions
from shared.logging import get_logger
from shared.messaging import backlogs
from shared.telemetry import CONSUMER_BACKLOG, OUTBOX_AGE_SECONDS, OUTBOX_ROWS

PATIENCE: Final = 0.08
# A slow answer still counts at the next scrape; what is older than this says nothing about the present.
GOOD_FOR: Final = 20.0
# The api's own role sees no events of any workspace; this transaction counts them and reads nothing else.
_AS_OWNER: Final = text("set local role none")
# Not all of an outbox that an outage has filled: a scrape must stay cheap.
_OUTBOX: Final = text("""
select (select count(*) from (select from outbox limit 50000) as counted) as events,
       coalesce((select extract(epoch from now() - created_at)::float from outbox order by id limit 1), 0) as age
""")


class Lag:
    """Brings the gauges up to date, within `patience`. What cannot be measured is unknown, not what it once was."""

    def __init__(
        self, sessions: Sessions, client: Client, *, patience: float = PATIENCE, good_for: float = GOOD_FOR
    ) -> None:
        self._sessions = sessions
        self._client = client
        self._patience = patience
        self._figures = (
            _Figure(self._outbox, _forget_outbox, good_for),
            _Figure(self._backlogs, CONSUMER_BACKLOG.clear, good_for),
        )

    async def measure(self) -> None:
        """Never fails, and takes no longer than `patience`, whatever the database and the broker do."""
        await asyncio.wait([figure.ask() for figure in self._figures], timeout=self._patience)
        for figure in self._figures:
            figure.forget_if_old()

    async def _outbox(self) -> None:
        async with self._sessions() as session:
            await session.execute(_AS_OWNER)
            events, age = (await session.execute(_OUTBOX)).one()
        OUTBOX_ROWS.set(events)
        OUTBOX_AGE_SECONDS.set(age)

    async def _backlogs(self) -> None:
        found = await backlogs(self._client)
        CONSUMER_BACKLOG.clear()
        for consumer, events in found.items():
            CONSUMER_BACKLOG.labels(consumer).set(events)


class _Figure:
    """One question at a time: those to a frozen server must not pile up with every scrape."""

    def __init__(self, measure: Callable[[], Awaitable[None]], forget: Callable[[], None], good_for: float) -> None:
        self._measure = measure
        self._forget = forget
        self._good_for = good_for
        self._known_at = -good_for
        self._asking: asyncio.Task[None] | None = None

    def ask(self) -> asyncio.Task[None]:
        """The question under way, or a new one."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return self._asking

    def forget_if_old(self) -> None:
        if asyncio.get_running_loop().time() - self._known_at > self._good_for:
            self._forget()

    async def _ask(self) -> None:
        try:
            await self._measure()
        except Exception as error:  # noqa: BLE001  Whatever it is: readiness names it, and the figure becomes unknown.
            get_logger().debug("lag.unknown", error=repr(error))
        else:
            self._known_at = asyncio.get_running_loop().time()


def _forget_outbox() -> None:
    OUTBOX_ROWS.set(nan)
    OUTBOX_AGE_SECONDS.set(nan)
