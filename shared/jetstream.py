"""How events get to the broker and back in bulk: what nats-py does one message at a time, a batch at a time.

Its `fetch` starts a task for each message and asks twice for each batch, its `publish_async` makes a future for each:
half of all the time that a backlog took (benchmarks/README.md). Both classes only use its plain publish and subscribe.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from shared.errors import TemporarilyUnavailable

AT_ONCE: Final = 256
EXPIRES: Final = 2.0
GRACE: Final = 1.0
# The broker gives what is not acknowledged to somebody else after a while (`ACK_WAIT`), unless it is told to wait on.
SAY_SO_EVERY: Final = 2.0
SAY_SO_FOR: Final = 60.0
_WORKING: Final = b"+WPI"
# What ends a request for messages and is no fault: none there, time over.
_OVER: Final = frozenset({"404", "408"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be published. The broker drops what it has seen by its `id`."""

    subject: str
    id: str
    payload: bytes


class Publisher:
    """Publishes sets of messages. Every one of a set is stored when `publish` returns."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._sets = count(1)
        self._subscribed = False
        self._waiting: dict[str, _Receipts] = {}

    async def publish(self, messages: Iterable[Outgoing], within: float) -> None:
        """In their order. Raises TemporarilyUnavailable or TimeoutError if some are perhaps not stored."""
        if not self._subscribed:
            await self._client.subscribe(f"{self._inbox}.*", cb=self._acknowledged)
            self._subscribed = True
        given = list(messages)
        name, receipts = str(next(self._sets)), _Receipts(len(given))
        self._waiting[name] = receipts
        try:
            for message in given:
                await self._client.publish(
                    message.subject, message.payload, f"{self._inbox}.{name}", {"Nats-Msg-Id": message.id}
                )
            await asyncio.wait_for(receipts.complete.wait(), within)
        finally:
            del self._waiting[name]
        if receipts.fault:
            raise TemporarilyUnavailable(f"The broker did not store an event: {receipts.fault}")

    async def _acknowledged(self, answer: Msg) -> None:
        if receipts := self._waiting.get(answer.subject.rpartition(".")[2]):
            receipts.note(answer)


class _Receipts:
    def __init__(self, wanted: int) -> None:
        self.complete = asyncio.Event()
        self.fault = ""
        self._missing = wanted
        self._end_if_complete()

    def note(self, answer: Msg) -> None:
        if not answer.data:
            self.fault = f"status {(answer.headers or {}).get('Status')}"
        elif error := orjson.loads(answer.data).get("error"):
            self.fault = str(error.get("description"))
        self._missing -= 1
        self._end_if_complete()

    def _end_if_complete(self) -> None:
        if self._missing <= 0:
            self.complete.set()


class Puller:
    """Takes messages from a durable consumer. What arrives while a batch is handled is the next one.

    The broker is told that they are being worked on, for a minute a batch: a slow one is not handled twice meanwhile.
    """

    def __init__(self, client: Client, stream: str, consumer: str) -> None:
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._arrived: list[Msg] = []
        self._handed_out: list[Msg] = []
        self._handed_out_at = 0.0
        self._something = asyncio.Event()
        self._open = 0
        self._over_at = 0.0
        self._fault = ""

    async def __aenter__(self) -> Self:
        self._subscription = await self._client.subscribe(self._inbox, cb=self._take)
        self._saying_so = asyncio.create_task(self._say_that_we_work())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._saying_so.cancel()
        if self._client.is_connected:
            await self._subscription.unsubscribe()

    async def next_batch(self) -> list[Msg]:
        """All that is there; waits for the first. Raises TemporarilyUnavailable if refused."""
        while not self._arrived:
            self._something.clear()
            await self._ask()
            await self._wait()
        self._handed_out, self._arrived = self._arrived, []
        self._handed_out_at = asyncio.get_running_loop().time()
        await self._ask()
        return self._handed_out

    async def _ask(self) -> None:
        """One request at a time is open, so no more than twice `AT_ONCE` messages are ever under way."""
        now = asyncio.get_running_loop().time()
        if self._open > 0 and now < self._over_at:
            return
        self._open, self._over_at = AT_ONCE, now + EXPIRES + GRACE
        request = {"batch": AT_ONCE, "expires": int(EXPIRES * 1e9)}
        await self._client.publish(self._subject, orjson.dumps(request), self._inbox)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout_at(self._over_at):
                await self._something.wait()
        except TimeoutError:
            self._open = 0  # Nothing, not even the end of the request: the broker was away.
        if self._fault:
            raise TemporarilyUnavailable(f"The broker refuses events: {self._fault}")

    async def _take(self, message: Msg) -> None:
        status = message.headers.get("Status") if message.headers and not message.data else None
        if status is None:
            self._arrived.append(message)
            self._open -= 1
        else:
            self._open = 0
            self._fault = "" if status in _OVER else f"{status} {(message.headers or {}).get('Description', '')}"
        self._something.set()

    async def _say_that_we_work(self) -> None:
        while True:
            await asyncio.sleep(SAY_SO_EVERY)
            if asyncio.get_running_loop().time() < self._handed_out_at + SAY_SO_FOR and self._client.is_connected:
                with suppress(Error):  # The connection is just lost: then the broker gives them to somebody else.
                    for message in (*self._handed_out, *self._arrived):
                        if not message.is_acked:
                            await self._client.publish(message.reply, _WORKING)
