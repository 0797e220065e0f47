"""Publishing and pulling in bulk, with a real broker."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from shared.errors import TemporarilyUnavailable
from shared.jetstream import AT_ONCE, Outgoing, Publisher, Puller
from shared.messaging import STREAM, Consumer, connect_broker
from shared.settings import Settings

WORKSPACE = "01999999-0000-7000-8000-000000000000"


@pytest.fixture
async def client(settings: Settings, broker: JetStreamContext) -> AsyncIterator[Client]:
    client = await connect_broker(settings.nats_url, name="tests")
    yield client
    await client.close()


def messages(count: int, type_: str = "task.changed") -> list[Outgoing]:
    return [Outgoing(f"evt.{WORKSPACE}.{type_}", f"{type_} {number}", b"%d" % number) for number in range(count)]


async def durable(broker: JetStreamContext) -> str:
    async def never(*_: object) -> None:
        raise AssertionError

    await broker.add_consumer(STREAM, Consumer("reader", ["task.changed"], never).config())
    return "reader"


async def pull(puller: Puller, count: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            batch = await puller.next_batch()
            assert len(batch) <= 2 * AT_ONCE
            for message in batch:
                found.append(int(message.data))
                await message.ack()
    return found


async def test_everything_arrives_once_in_its_order(client: Client, broker: JetStreamContext) -> None:
    name = await durable(broker)
    publisher = Publisher(client)

    await publisher.publish(messages(1000), 10)
    await publisher.publish(messages(1000), 10)  # As a relay does that did not learn of its success.
    async with Puller(client, STREAM, name) as puller:
        found = await pull(puller, 1000)
        await publisher.publish([Outgoing(f"evt.{WORKSPACE}.task.changed", "late", b"1000")], 10)
        found += await pull(puller, 1)

    assert found == list(range(1001))
    assert (await broker.stream_info(STREAM)).state.messages == 1001


async def test_an_empty_set_is_published_at_once(client: Client) -> None:
    await Publisher(client).publish([], 0.001)


async def test_a_subject_that_no_stream_keeps_is_a_fault(client: Client) -> None:
    with pytest.raises(TemporarilyUnavailable, match="503"):
        await Publisher(client).publish([Outgoing("elsewhere", "1", b"1")], 5)


async def test_a_full_stream_is_a_fault_and_the_next_set_goes_through(client: Client, broker: JetStreamContext) -> None:
    publisher = Publisher(client)
    config = (await broker.stream_info(STREAM)).config
    await broker.update_stream(config, max_msgs=10)

    with pytest.raises(TemporarilyUnavailable, match="maximum messages"):
        await publisher.publish(messages(20), 5)
    await broker.update_stream(config, max_msgs=-1)
    await publisher.publish(messages(20), 5)

    assert (await broker.stream_info(STREAM)).state.messages == 20


async def test_who_waits_longer_than_a_request_lasts_still_gets_what_comes(
    client: Client, broker: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.jetstream.EXPIRES", 0.2)
    async with Puller(client, STREAM, await durable(broker)) as puller:
        waiting = asyncio.create_task(pull(puller, 3))
        await asyncio.sleep(0.7)
        await Publisher(client).publish(messages(3), 5)

        assert await waiting == [0, 1, 2]


async def test_a_consumer_that_is_taken_away_is_a_fault(client: Client, broker: JetStreamContext) -> None:
    async with Puller(client, STREAM, await durable(broker)) as puller:
        waiting = asyncio.create_task(puller.next_batch())
        await asyncio.sleep(0.1)
        await broker.delete_consumer(STREAM, "reader")

        with pytest.raises(TemporarilyUnavailable, match="Consumer Deleted"):
            await asyncio.wait_for(waiting, 5)
        with pytest.raises(TemporarilyUnavailable, match="503"):
            await asyncio.wait_for(puller.next_batch(), 5)


async def test_two_readers_share_a_consumer_and_nothing_is_read_twice(client: Client, broker: JetStreamContext) -> None:
    name = await durable(broker)
    found: list[int] = []
    complete = asyncio.Event()

    async def read(puller: Puller) -> None:
        while True:
            for message in await puller.next_batch():
                found.append(int(message.data))
                await message.ack()
            if len(found) >= 2000:
                complete.set()

    async with Puller(client, STREAM, name) as one, Puller(client, STREAM, name) as other:
        readers = [asyncio.create_task(read(puller)) for puller in (one, other)]
        await Publisher(client).publish(messages(2000), 10)
        await asyncio.wait_for(complete.wait(), 10)
        for reader in readers:
            reader.cancel()

    assert sorted(found) == list(range(2000))


async def test_a_slow_batch_is_not_given_to_somebody_else_meanwhile(
    client: Client, broker: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.jetstream.SAY_SO_EVERY", 0.1)
    config = ConsumerConfig(durable_name="slow", ack_policy=AckPolicy.EXPLICIT, ack_wait=0.5)
    await broker.add_consumer(STREAM, config)
    await Publisher(client).publish(messages(3), 5)

    async with Puller(client, STREAM, "slow") as puller:
        batch = await puller.next_batch()
        await asyncio.sleep(1.5)
        for message in batch:
            await message.ack()
        await client.flush()
        info = await broker.consumer_info(STREAM, "slow")

    assert (info.num_redelivered, info.num_ack_pending, info.num_pending) == (0, 0, 0)


async def test_what_a_dead_reader_had_is_given_to_somebody_else(client: Client, broker: JetStreamContext) -> None:
    config = ConsumerConfig(durable_name="slow", ack_policy=AckPolicy.EXPLICIT, ack_wait=0.5)
    await broker.add_consumer(STREAM, config)
    await Publisher(client).publish(messages(3), 5)
    async with Puller(client, STREAM, "slow") as dead:
        await dead.next_batch()

    async with Puller(client, STREAM, "slow") as puller:
        assert await pull(puller, 3) == [0, 1, 2]
