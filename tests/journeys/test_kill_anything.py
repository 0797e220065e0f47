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

CUSTOMERS = 60
DRAINED_WITHIN = 45.0


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
    return int(look(system, f"select count(*) as n from {statement}", *values)[0]["n"])


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


@pytest.mark.parametrize("victim", ["segmenter", "scheduler", "nats", "api", "postgres"])
def test_nothing_is_lost_and_nothing_happens_twice(system: System, mailbox: Mailbox, victim: str) -> None:
    customers = add_customers(system.api, CUSTOMERS, victim)
    sales = Sales(system, [customer["id"] for customer in customers])
    sales.start()
    for _ in range(2):
        time.sleep(0.6)
        system.wait_restarted(victim, system.kill(victim))

    sales.finish()

    ids = [customer["id"] for customer in customers]
    assert len(set(sales.confirmed)) == CUSTOMERS
    assert count(system, "transaction where customer_id = any ($1::uuid[])", ids) == CUSTOMERS
    expect_every_effect_once(system, mailbox, customers)


def expect_every_effect_once(system: System, mailbox: Mailbox, customers: list[dict[str, Any]]) -> None:
    ids = [customer["id"] for customer in customers]
    system.wait_until(lambda: is_settled(system, ids), DRAINED_WITHIN, "everything to be worked off")
    assert count(system, "customer_metrics where customer_id = any ($1::uuid[]) and orders = 1", ids) == CUSTOMERS
    assert count(system, "segment_membership_history where customer_id = any ($1::uuid[]) and change = 'entered' and "
                 "segment_id in (select id from segment where key is null)", ids) == CUSTOMERS  # fmt: skip
    assert count(system, "enrollment where customer_id = any ($1::uuid[])", ids) == CUSTOMERS
    assert count(system, "task where customer_id = any ($1::uuid[])", ids) == CUSTOMERS
    expect_one_mail_each(system, mailbox, customers)
    assert count(system, "dead_letter") == 0


def expect_one_mail_each(system: System, mailbox: Mailbox, customers: list[dict[str, Any]]) -> None:
    """One message a customer, never two mails. A mail in the air at a kill is `unknown`: visible, and not sent again."""
    ids = [customer["id"] for customer in customers]
    rows = look(system, "select recipient, status from message where customer_id = any ($1::uuid[])", ids)
    arrived = Counter(str(mail["To"]) for mail in mailbox.mails)
    assert Counter(row["recipient"] for row in rows) == Counter(customer["email"] for customer in customers)
    for row in rows:
        assert row["status"] in {"sent", "unknown"}, row
        assert arrived[row["recipient"]] <= 1, row
        assert row["status"] == "unknown" or arrived[row["recipient"]] == 1, row
    assert sum(row["status"] == "unknown" for row in rows) <= 4


def is_settled(system: System, ids: list[str]) -> bool:
    """Nothing left to publish, recompute, decide or send."""
    try:
        waiting = look(
            system,
            """
            select (select count(*) from outbox) + (select count(*) from stale_customer)
                 + (select count(*) from due_action) + (select count(*) from message where status in ('queued', 'sending'))
                 + ($2 - (select count(*) from enrollment where customer_id = any ($1::uuid[]) and status = 'completed'))
                   as n
            """,
            ids,
            len(ids),
        )
    except (OSError, asyncpg.PostgresError):
        return False
    return bool(waiting[0]["n"] == 0)


def test_a_killed_supervisor_leaves_no_process_and_the_data_intact(mailbox: Mailbox) -> None:
    with tempfile.TemporaryDirectory(prefix="portefeuille-orphans-") as folder:
        system = System(Path(folder) / "data", settings={"PORTEFEUILLE_SMTP_URL": mailbox.url})
        system.start()
        customers = add_customers(system.api, 20, "orphan")
        below = system.processes()

        os.kill(system.supervisor.pid, signal.SIGKILL)
        system.supervisor.wait(10)

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
    system.wait_until(lambda: is_settled(system, ids), DRAINED_WITHIN, "the others to go on")
    system.wait_until(lambda: count(system, "dead_letter") == 1, DRAINED_WITHIN, "the poison to be put aside")
    letter = look(system, "select consumer, type, attempts from dead_letter")[0]
    assert letter == {"consumer": "scheduler", "type": "segment.entered", "attempts": 5}
