"""The broker, configured once and pessimistically: one stream, named consumers, tries, back-off and dead letters.

A handler gets a batch of envelopes and one transaction. If the batch fails, its events are handled one by one, so
that a poison event holds up nobody but itself; after `MAX_TRIES` it is put into `dead_letter` and let go.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import nats
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    ConsumerInfo,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.session import Sessions, transaction
from shared.errors import TemporarilyUnavailable
from shared.events.base import Envelope
from shared.jetstream import Puller
from shared.logging import get_logger
from shared.models import DeadLetter
from shared.settings import Settings
from shared.telemetry import EVENTS_HANDLED, correlated, span

STREAM = "EVENTS"
CLOSE_WITHIN = 3.0
ANSWER_WITHIN = 1.0
KEEP_SECONDS = 7 * 24 * 3600
KEEP_BYTES = 4 * 1024**3
ACK_WAIT = 5.0
MAX_TRIES = 5
RETRY_AFTER = (0.2, 1.0, 5.0, 15.0)

Handler = Callable[[AsyncSession, Sequence[Envelope]], Awaitable[None]]


def subject_of(workspace_id: UUID | str, event_type: str) -> str:
    return f"evt.{workspace_id}.{event_type}"


async def connect_broker(url: str, *, name: str) -> Client:
    """A client that reconnects for ever. Raises TemporarilyUnavailable if the first connection fails."""
    try:
        return await nats.connect(
            servers=url.split(","),
            name=name,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.25,
            connect_timeout=2,
            allow_reconnect=True,
            skip_subject_validation=True,  # Ours are made of ids and names of events: a regular expression each, else.
            error_cb=_log_broker_error,
        )
    except (OSError, nats.errors.Error, TimeoutError) as error:
        raise TemporarilyUnavailable(f"The broker does not answer: {error!r}") from error


async def hang_up(client: Client) -> None:
    """Close a client. One that is just looking for its server would otherwise not let the process end."""
    with suppress(TimeoutError, nats.errors.Error, OSError):
        await asyncio.wait_for(client.close(), CLOSE_WITHIN)


@asynccontextmanager
async def broker_with_stream(settings: Settings, name: str, stopping: asyncio.Event) -> AsyncIterator[Client | None]:
    """A client of a broker that has the stream, waited for as long as it takes; None if it is time to stop before."""
    client: Client | None = None
    while client is None and not stopping.is_set():
        client = await _with_stream(settings, name)
    try:
        yield client
    finally:
        if client is not None:
            await hang_up(client)


async def _with_stream(settings: Settings, name: str) -> Client | None:
    client: Client | None = None
    try:
        client = await connect_broker(settings.nats_url, name=name)
        await ensure_stream(client.jetstream(), replicas=settings.nats_replicas)
    except (TemporarilyUnavailable, nats.errors.Error, OSError, TimeoutError) as error:
        get_logger().warning("broker.unavailable", error=repr(error))
        if client is not None:
            await hang_up(client)
        await asyncio.sleep(0.5)
        return None
    return client


async def _log_broker_error(error: Exception) -> None:
    get_logger().warning("broker.error", error=repr(error))


async def ensure_stream(broker: JetStreamContext, *, replicas: int = 1) -> None:
    """Create the stream, or bring its settings up to date. A full stream refuses: the outbox then holds the events."""
    config = StreamConfig(
        name=STREAM,
        subjects=["evt.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=KEEP_SECONDS,
        max_bytes=KEEP_BYTES,
        duplicate_window=120,
        num_replicas=replicas,
        allow_direct=True,
    )
    try:
        await broker.stream_info(STREAM)
    except NotFoundError:
        await broker.add_stream(config)
    else:
        await broker.update_stream(config)


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable reader of some event types. Any number of replicas share one."""

    name: str
    types: Sequence[str]
    handler: Handler

    def config(self) -> ConsumerConfig:
        return ConsumerConfig(
            durable_name=self.name,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT,
            max_deliver=-1,
            max_ack_pending=5000,
            filter_subjects=[subject_of("*", event_type) for event_type in self.types],
        )


async def consume(client: Client, sessions: Sessions, consumer: Consumer) -> None:
    """Read for ever: pull, one transaction, acknowledge. Faults of broker or database are waited out."""
    while True:
        try:
            await client.jetstream().add_consumer(STREAM, consumer.config())
            async with Puller(client, STREAM, consumer.name) as puller:
                while True:
                    await _handle(await puller.next_batch(), sessions, consumer)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  Lost broker or database: whatever was not acknowledged comes back.
            get_logger().warning("consumer.interrupted", consumer=consumer.name, error=repr(error))
            await asyncio.sleep(0.5)


async def _handle(messages: list[Msg], sessions: Sessions, consumer: Consumer) -> None:
    try:
        await _handle_together(messages, sessions, consumer)
    except Exception as error:
        if _is_outside_fault(error):
            raise
        for message in messages:
            await _handle_alone(message, sessions, consumer)


async def _handle_together(messages: list[Msg], sessions: Sessions, consumer: Consumer) -> None:
    envelopes = [Envelope.from_cloud_event(orjson.loads(message.data)) for message in messages]
    first = envelopes[0]
    with correlated(first.correlation_id, cause=first.event_id), span(f"handle {consumer.name}", events=len(envelopes)):
        async with transaction(sessions) as session:
            await consumer.handler(session, envelopes)
    for message in messages:
        await message.ack()
    EVENTS_HANDLED.labels(consumer.name, "done").inc(len(messages))


async def _handle_alone(message: Msg, sessions: Sessions, consumer: Consumer) -> None:
    try:
        await _handle_together([message], sessions, consumer)
    except Exception as error:
        if _is_outside_fault(error):
            raise
        await _retry_or_bury(message, error, sessions, consumer)


async def _retry_or_bury(message: Msg, error: Exception, sessions: Sessions, consumer: Consumer) -> None:
    tries = message.metadata.num_delivered
    get_logger().error("event.failed", consumer=consumer.name, tries=tries, subject=message.subject, error=repr(error))
    if tries < MAX_TRIES:
        EVENTS_HANDLED.labels(consumer.name, "retried").inc()
        await message.nak(delay=RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1])
        return
    async with transaction(sessions) as session:
        session.add(_dead_letter(message, error, tries, consumer.name))
    EVENTS_HANDLED.labels(consumer.name, "dead").inc()
    await message.ack()


def _dead_letter(message: Msg, error: Exception, tries: int, consumer: str) -> DeadLetter:
    body = orjson.loads(message.data)
    envelope = Envelope.from_cloud_event(body)
    return DeadLetter(
        workspace_id=envelope.workspace_id,
        consumer=consumer,
        event_id=envelope.event_id,
        customer_id=envelope.customer_id,
        type=envelope.type,
        body=body,
        error=repr(error)[:2000],
        attempts=tries,
    )


def _is_outside_fault(error: Exception) -> bool:
    """Whether the database or network failed, and not the event: such a try does not count."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return isinstance(error, TemporarilyUnavailable | OSError | TimeoutError | nats.errors.Error)


async def ask_broker(client: Client) -> None:
    """Raises unless the broker answers: a connection to one that is frozen stays open for minutes.

    Not `flush`: once its patience is over, the answer that comes late ends the client's reading.
    """
    if not client.is_connected:
        raise TemporarilyUnavailable("The broker is not connected.")
    async with asyncio.timeout(ANSWER_WITHIN):
        await client.jetstream(timeout=ANSWER_WITHIN).account_info()


async def backlogs(client: Client) -> dict[str, int]:
    """Events that each durable consumer has yet to finish, whoever serves it."""
    if not client.is_connected:
        raise TemporarilyUnavailable("The broker is not connected.")
    async with asyncio.timeout(ANSWER_WITHIN):
        found = await client.jetstream(timeout=ANSWER_WITHIN).consumers_info(STREAM)
    return {info.name: _unfinished(info) for info in found if info.config.durable_name}


async def backlog(broker: JetStreamContext, consumer: str) -> int | None:
    """Events that a consumer has yet to finish; None if it was never started."""
    try:
        info = await broker.consumer_info(STREAM, consumer)
    except NotFoundError:
        return None
    return _unfinished(info)


def _unfinished(info: ConsumerInfo) -> int:
    return int(info.num_pending or 0) + int(info.num_ack_pending or 0)
