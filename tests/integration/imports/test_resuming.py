"""Whoever dies, another goes on: every row is in once, and the counts are right."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from services.api.imports.jobs import LeaseLost, claim
from services.api.imports.running import Pace, run_import
from services.api.imports.worker import LEASE, connected
from shared.settings import Settings
from tests.integration.imports.conftest import Importing, counts

LINES = 3000


def people(count: int = LINES) -> str:
    """Every fifth customer comes twice, every seventh has a bad address."""
    lines = ["Réf client;Nom;E-mail"]
    for n in range(1, count + 1):
        lines.append(f"C{n};Client {n};{'nothing' if n % 7 == 0 else f'c{n}@example.com'}")
        if n % 5 == 0:
            lines.append(f"C{n};Client {n};later{n}@example.com")
    return "\n".join(lines)


EXPECTED = {
    "created": LINES - LINES // 7 + LINES // 35,
    "duplicate": LINES // 5 - LINES // 35,
    "rejected": LINES // 7,
}


@contextmanager
def worker(settings: Settings, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = os.environ | {
        "PORTEFEUILLE_DATABASE_URL": settings.database_url,
        "PORTEFEUILLE_NATS_URL": settings.nats_url,
    }
    arguments = [sys.executable, "-m", "services.api.imports", *options]
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


async def wait_for(importing: Importing, import_id: str, condition: str, seconds: float = 60) -> dict[str, Any]:
    """The row of the import, once it satisfies an SQL condition."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        row = await importing.database.fetchrow(
            f"select * from import where id = $1 and {condition}",  # noqa: S608
            import_id,
        )
        if row is not None:
            return dict(row)
        await asyncio.sleep(0.01)
    raise AssertionError(f"never {condition}: {await importing.look(import_id)}")


async def is_complete(importing: Importing, import_id: str) -> None:
    found = await importing.look(import_id)
    assert (found["status"], counts(found)) == ("completed", EXPECTED)
    assert await importing.rows(
        "select count(*), count(distinct external_id) from customer where workspace_id = $1"
    ) == [(EXPECTED["created"], EXPECTED["created"])]
    faults = await importing.rows(
        "select count(*), count(distinct line_number) from import_error where workspace_id = $1"
    )
    assert faults == [(EXPECTED["duplicate"] + EXPECTED["rejected"],) * 2]
    events = await importing.rows("select count(*) from outbox where workspace_id = $1 and type = 'import.completed'")
    assert events == [(1,)]


async def test_a_worker_killed_in_mid_merge_is_taken_over_from_its_checkpoint(
    importing: Importing, settings: Settings
) -> None:
    with worker(settings, "--rows-at-once", "20", "--lease", "1") as first:
        received = await importing.send(people())
        halfway = await wait_for(importing, received["id"], "merged_through > 200")
        first.kill()
        first.wait(10)
    left = await wait_for(importing, received["id"], "status = 'merging'")
    assert halfway["merged_through"] <= left["merged_through"] < LINES

    with worker(settings, "--rows-at-once", "500", "--lease", "1") as second:
        await wait_for(importing, received["id"], "status = 'completed'")
        second.terminate()
        assert second.wait(10) == 0

    await is_complete(importing, received["id"])


async def test_a_worker_killed_while_it_parses_begins_again(importing: Importing, settings: Settings) -> None:
    with worker(settings, "--rows-at-once", "20", "--lease", "1") as first:
        received = await importing.send(people())
        await wait_for(importing, received["id"], "rows_parsed > 100")
        first.kill()
        first.wait(10)

    with worker(settings, "--lease", "1"):
        await wait_for(importing, received["id"], "status = 'completed'")

    await is_complete(importing, received["id"])


async def interrupted(importing: Importing, after: int, content: str | None = None, **options: Any) -> str:
    """An import whose worker stopped behind that many lines, without letting go."""
    received = await importing.send(content or people(), **options)
    async with connected(importing.url) as connection:
        job = await claim(connection, timedelta(0))
        assert job is not None
        running = asyncio.create_task(run_import(connection, job, Pace(100)))
        await wait_for(importing, received["id"], f"merged_through >= {after}")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return str(received["id"])


async def test_rows_that_postgresql_lost_in_a_crash_are_parsed_again(importing: Importing) -> None:
    import_id = await interrupted(importing, after=300)
    await importing.database.execute("truncate import_customer_row")

    await importing.work_off()

    await is_complete(importing, import_id)


async def test_one_that_lost_its_lease_writes_nothing_more(importing: Importing) -> None:
    received = await importing.send(people())
    async with connected(importing.url) as slow:
        old = await claim(slow, timedelta(0))
        assert old is not None
        await importing.work_off()

        with pytest.raises(LeaseLost):
            await run_import(slow, old, Pace(100))

    await is_complete(importing, received["id"])


async def test_two_workers_never_have_the_same_import(importing: Importing) -> None:
    first, second = await importing.send(people(10)), await importing.send(people(10))
    async with connected(importing.url) as one, connected(importing.url) as other:
        jobs = [await claim(one, LEASE), await claim(other, LEASE), await claim(other, LEASE)]

    assert [job and str(job.id) for job in jobs] == [first["id"], second["id"], None]


async def test_a_cancelled_import_keeps_what_is_merged_and_tells_it(importing: Importing) -> None:
    import_id = await interrupted(importing, after=300)

    answer = (await importing.client.post(f"/v1/imports/{import_id}/cancel")).json()
    await importing.work_off()

    found = await importing.look(import_id)
    assert (answer["status"], found["status"]) == ("cancelled", "cancelled")
    assert 0 < found["created"] == await importing.count("customer") < EXPECTED["created"]
    assert found["merged_through"] < LINES
    assert await importing.rows("select type from outbox where workspace_id = $1 order by id") == [
        ("import.received",),
        ("import.completed",),
    ]
    assert (await importing.count("import_chunk"), await importing.count("import_customer_row")) == (0, 0)


async def test_an_import_that_kills_every_worker_is_given_up(importing: Importing) -> None:
    received = await importing.send(people(10))
    async with connected(importing.url) as connection:
        for _ in range(5):
            assert await claim(connection, timedelta(0)) is not None

    await importing.work_off()

    found = await importing.look(received["id"])
    assert (found["status"], found["error"]["code"]) == ("failed", "gave_up")


async def test_a_customer_that_somebody_adds_at_the_same_moment_is_updated(
    importing: Importing, settings: Settings
) -> None:
    received = await importing.send("Réf client;Nom;Ville\nC1;Durand;Lyon\nC2;Martin;Metz\n")
    async with connected(settings.database_url) as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            "insert into customer (workspace_id, external_id, kind, name) values ($1, 'C1', 'person', 'Durand')",
            importing.workspace_id,
        )
        working = asyncio.create_task(importing.work_off())
        await wait_for(importing, received["id"], "status = 'merging'")
        await asyncio.sleep(0.2)
        await transaction.commit()
        await working

    assert counts(await importing.look(received["id"])) == {"created": 1, "updated": 1}
    assert await importing.rows("select external_id, city from customer where workspace_id = $1 order by 1") == [
        ("C1", "Lyon"),
        ("C2", "Metz"),
    ]
