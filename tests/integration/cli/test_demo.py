"""The demonstration, loaded once for every test here: first alone, then with a segmenter at work, then once more."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from services.cli.demo import automation
from shared.messaging import STREAM, connect_broker, ensure_stream
from shared.settings import Settings
from tests.databases import clone, drop
from tests.engines import Engines
from tests.integration.cli.command import CommandLine, Finished, environment_of

FACTS = {
    "customer": 485, "opportunity": 8800, "transaction": 6525, "interaction": 4611, "contract": 56, "consent": 332,
    "complaint": 66, "survey_response": 293, "product": 14, "user_account": 45, "team": 7,
}  # fmt: skip
AUTOMATION = {"template": 3, "sequence": 2, "reminder_rule": 2, "alert_rule": 4, "inbound_endpoint": 2}
SEGMENTS = 5
DEMO = "(select id from workspace where name = 'demo')"


@dataclass(frozen=True)
class Demonstration:
    """What three loads in a row answered, and how many sequences there were after the first."""

    run: CommandLine
    alone: Finished
    sequences_then: int
    settled: Finished
    again: Finished


@pytest.fixture(scope="module")
def demonstration(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    url = clone(engines)
    settings = Settings(database_url=url, nats_url=engines.nats_url, _env_file=None)
    run = CommandLine(tmp_path_factory.mktemp("demo"), environment_of(settings))
    asyncio.run(_forget_earlier_tests(settings))
    assert run.run("prepare", "--token-file", "admin.token").code == 0
    alone = run.run("load-demo", "--json", "--timeout", "0")
    sequences_then = asyncio.run(_first_value(url, "select count(*) from sequence"))
    with _segmenter(run):
        settled = run.run("load-demo", "--json", "--timeout", "90")
        again = run.run("load-demo", "--json", PORTEFEUILLE_NATS_URL="nats://127.0.0.1:9")
        yield Demonstration(run, alone, sequences_then, settled, again)
    drop(engines, url)


async def _forget_earlier_tests(settings: Settings) -> None:
    """A broker that knows nothing of earlier tests' databases."""
    broker = await connect_broker(settings.nats_url, name="tests")
    await ensure_stream(broker.jetstream())
    await broker.jetstream().delete_stream(STREAM)
    await broker.close()


async def _first_value(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@contextmanager
def _segmenter(run: CommandLine) -> Iterator[None]:
    with (run.folder / "segmenter.log").open("wb") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", "services.segmenter"), cwd=run.folder, env={**os.environ, **run.environment},
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield
    finally:
        process.kill()  # How it stops in order is a specification of its own.
        process.wait()


@pytest.fixture
async def owner(demonstration: Demonstration) -> AsyncIterator[asyncpg.Connection]:
    """Looks into the database of the demonstration."""
    connection = await asyncpg.connect(demonstration.run.environment["PORTEFEUILLE_DATABASE_URL"])
    yield connection
    await connection.close()


async def test_the_demonstration_is_loaded_once(demonstration: Demonstration, owner: asyncpg.Connection) -> None:
    settled = demonstration.settled

    assert settled.code == 0, settled.err
    assert settled.json == {"rows": 0, "automation": sum(AUTOMATION.values()), "settled": True}
    # The third load had no broker: where everything is there, there is nothing to wait for.
    assert demonstration.again.json == {"rows": 0, "automation": 0, "settled": True}
    tables = FACTS | AUTOMATION
    counts = {
        table: await owner.fetchval(f'select count(*) from "{table}" where workspace_id = {DEMO}')  # noqa: S608
        for table in tables
    }
    assert counts == tables
    assert await owner.fetchval(f"select count(*) from customer_metrics where workspace_id = {DEMO}") == 485  # noqa: S608


async def test_without_a_segmenter_the_facts_are_there_and_the_sequences_wait(demonstration: Demonstration) -> None:
    alone = demonstration.alone

    assert alone.code == 0, alone.err
    assert alone.json == {"rows": sum(FACTS.values()), "automation": SEGMENTS, "settled": False}
    assert demonstration.sequences_then == 0


async def test_whoever_could_be_mailed_was_in_the_segment_before_its_sequence_existed(
    owner: asyncpg.Connection,
) -> None:
    members = {
        row["name"]: row
        for row in await owner.fetch(
            "select s.name, count(*) as members, max(m.entered_at) as last_entry, min(q.created_at) as watched_since"
            "  from sequence q"
            "  join segment s on s.id = q.trigger_segment_id join segment_membership m on m.segment_id = s.id"
            " group by s.name"
        )
    }

    assert set(members) == {automation.NEW_CLIENTS, automation.TO_FOLLOW_UP}
    assert all(row["last_entry"] < row["watched_since"] for row in members.values())
    assert members[automation.TO_FOLLOW_UP]["members"] > 20


async def test_the_alerts_have_customers_to_watch(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("select count(*) from customer_metrics where churn_level = 'high'") > 0
    assert await owner.fetchval("select count(*) from customer_metrics where nps_score < 3") > 0


async def test_a_line_of_a_sale_points_to_its_product_and_its_customer(owner: asyncpg.Connection) -> None:
    sale = await owner.fetchrow(
        "select c.external_id, c.phone, c.phone_raw, c.city, u.email, t.amount,"
        "       (select string_agg(p.external_id, ' ' order by p.external_id) from jsonb_array_elements(t.lines) l"
        "          join product p on p.id = (l->>'product_id')::uuid) as products"
        "  from transaction t join customer c on c.id = t.customer_id join user_account u on u.id = c.owner_id"
        " where t.external_id = 'fr-0001-01'"
    )
    assert sale["external_id"] == "fr-0001"
    assert sale["products"].startswith("fr-")
    assert sale["phone"] == sale["phone_raw"]
    assert (sale["city"] is not None, sale["email"].endswith("@example.com")) == (True, True)


async def test_recompute_waits_until_everything_is_computed(
    demonstration: Demonstration, owner: asyncpg.Connection
) -> None:
    run = demonstration.run
    await run("workspace", "create", "Acme")
    # No event tells of them: without a recomputation nobody has figures.
    await owner.execute(
        "insert into customer (workspace_id, kind, name)"
        " select id, 'person', 'Client ' || n from workspace, generate_series(1, 50) n where name = 'Acme'"
    )
    figures = (
        "select w.name, count(*) as customers, max(computed_at) as latest"
        "  from customer_metrics m join workspace w on w.id = m.workspace_id group by w.name"
    )
    before = {row["name"]: row for row in await owner.fetch(figures)}

    asked = await run("recompute", "--workspace", "Acme", "--timeout", "90", "--json")
    unknown = await run("recompute", "--workspace", "nobody")

    assert asked.json == {"workspaces": 1, "status": "computed"}, asked.err
    after = {row["name"]: row for row in await owner.fetch(figures)}
    assert set(before) == {"demo"}
    assert (after["Acme"]["customers"], after["demo"]) == (50, before["demo"])
    assert await owner.fetchval("select count(*) from stale_customer") == 0
    assert (unknown.code, unknown.err) == (1, "portefeuille: There is no workspace 'nobody'.\n")
