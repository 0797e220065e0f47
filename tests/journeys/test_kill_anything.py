"""The failure table of docs/architecture.md: real processes end by signal 9 while a bounded load runs."""

import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from tests.journeys.load import Sales, add_customers
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System
from tests.journeys.test_a_purchase_starts_a_sequence import buyers_segment, thank_you_sequence

pytestmark = pytest.mark.journey

# Segmenter and scheduler twice: each brings a relay, and whichever leads dies in one of the turns.
VICTIMS = ("segmenter", "scheduler", "nats", "api", "postgres", "scheduler", "segmenter")
CUSTOMERS = 200
DRAINED_WITHIN = 60.0
WAITING = """
select (select count(*) from outbox) as outbox,
       (select count(*) from stale_customer) as stale,
       (select count(*) from due_action) as due,
       (select count(*) from message where status = 'queued') as queued,
       $2 - (select count(*) from enrollment where customer_id = any ($1::uuid[]) and status = 'completed') as running
"""


def look(system: System, statement: str, *values: Any) -> list[dict[str, Any]]:
    """What is really in the tables."""

    async def fetch() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(system.run["database_url"])
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def count(system: System, statement: str, *values: Any) -> int:
    return int(look(system, f"select count(*) as n from {statement}", *values)[0]["n"])  # noqa: S608  Our own words.


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def system(mailbox: Mailbox) -> Iterator[System]:
    """A system of this module's own, with a sequence that mails every customer who buys."""
    with (
        tempfile.TemporaryDirectory(prefix="portefeuille-kill-") as folder,
        System(Path(folder) / "data", settings={"PORTEFEUILLE_SMTP_URL": mailbox.url}) as system,
    ):
        thank_you_sequence(system.api, buyers_segment(system.api))
        yield system


def test_nothing_is_lost_and_nothing_happens_twice_whoever_is_killed(system: System, mailbox: Mailbox) -> None:
    customers = add_customers(system.api, CUSTOMERS, "kill")
    sales = Sales(system, [customer["id"] for customer in customers], pause=0.05)
    sales.start()
    for victim in VICTIMS:
        time.sleep(0.7)
        system.wait_restarted(victim, system.kill(victim))
    assert sales.is_alive(), "the load was over before the last kill"

    sales.finish()

    ids = [customer["id"] for customer in customers]
    assert len(set(sales.confirmed)) == CUSTOMERS
    assert count(system, "transaction where customer_id = any ($1::uuid[])", ids) == CUSTOMERS
    expect_every_effect_once(system, mailbox, customers)


def expect_every_effect_once(system: System, mailbox: Mailbox, customers: list[dict[str, Any]]) -> None:
    ids = [customer["id"] for customer in customers]
    wait_until_settled(system, ids)
    by_customer = "customer_id = any ($1::uuid[])"
    assert count(system, f"customer_metrics where {by_customer} and orders = 1", ids) == len(ids)
    entered = f"{by_customer} and change = 'entered'"
    own = "(select id from segment where key is null)"
    assert count(system, f"segment_membership_history where {entered} and segment_id in {own}", ids) == len(ids)
    assert count(system, f"enrollment where {by_customer}", ids) == len(ids)
    assert count(system, f"task where {by_customer}", ids) == len(ids)
    expect_one_mail_each(system, mailbox, customers)
    assert count(system, "dead_letter") == 0


def expect_one_mail_each(system: System, mailbox: Mailbox, customers: list[dict[str, Any]]) -> None:
    """One message a customer, never two mails.

    One that was in the air at a kill stays `sending` until its lease is over, and is `unknown` then: not sent again.
    """
    ids = [customer["id"] for customer in customers]
    rows = look(system, "select recipient, status from message where customer_id = any ($1::uuid[])", ids)
    arrived = Counter(str(mail["To"]) for mail in mailbox.mails)
    assert Counter(row["recipient"] for row in rows) == Counter(customer["email"] for customer in customers)
    for row in rows:
        assert arrived[row["recipient"]] <= 1, row
        assert row["status"] in {"unknown", "sending"} or arrived[row["recipient"]] == 1, row
    statuses = Counter(row["status"] for row in rows)
    assert statuses["sent"] >= len(ids) - len(VICTIMS), statuses


def wait_until_settled(system: System, ids: list[str]) -> None:
    """Nothing left to publish, recompute, decide or hand over."""
    waiting: dict[str, Any] = {}

    def nothing_waits() -> bool:
        nonlocal waiting
        try:
            waiting = look(system, WAITING, ids, len(ids))[0]
        except (OSError, asyncpg.PostgresError):
            return False
        return not any(waiting.values())

    try:
        system.wait_until(nothing_waits, DRAINED_WITHIN, "everything to be worked off")
    except AssertionError as error:
        raise AssertionError(f"still waiting: {waiting}") from error


def test_a_killed_supervisor_leaves_no_process_and_the_data_intact(mailbox: Mailbox) -> None:
    with tempfile.TemporaryDirectory(prefix="portefeuille-orphans-") as folder:
        system = System(Path(folder) / "data", settings={"PORTEFEUILLE_SMTP_URL": mailbox.url})
        system.start()
        customers = add_customers(system.api, 20, "orphan")
        below = system.processes()

        os.kill(system.supervisor.pid, signal.SIGKILL)
        system.supervisor.wait(10)

        system.stop()
        _, alive = psutil.wait_procs(below[1:], timeout=30)
        assert alive == []
        with system:
            names = {item["name"] for item in system.api.get("/v1/customers", params={"limit": 100}).json()["items"]}
            assert names == {customer["name"] for customer in customers}


def test_a_poison_event_holds_up_nobody_and_can_be_replayed(system: System) -> None:
    customers = add_customers(system.api, 3, "poison")
    workspace_id = look(system, "select workspace_id from customer limit 1")[0]["workspace_id"]
    look(
        system,
        "insert into outbox (workspace_id, customer_id, type, data, occurred_at) values"
        " ($1, $2, 'segment.entered', '{\"customer_id\": \"no id\"}', now()) returning id",
        workspace_id,
        customers[0]["id"],
    )

    sales = Sales(system, [customer["id"] for customer in customers])
    sales.start()
    sales.finish()

    ids = [customer["id"] for customer in customers]
    wait_until_settled(system, ids)
    system.wait_until(lambda: count(system, "dead_letter") == 1, DRAINED_WITHIN, "the poison to be put aside")
    letter = look(system, "select consumer, type, attempts from dead_letter")[0]
    assert letter == {"consumer": "scheduler", "type": "segment.entered", "attempts": 5}
