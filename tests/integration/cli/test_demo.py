"""Loading the demonstration, with a segmenter at work."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from shared.messaging import STREAM, connect_broker, ensure_stream
from shared.settings import Settings
from tests.integration.cli.conftest import Run

COUNTS = {
    "customer": 485, "opportunity": 8800, "transaction": 6525, "interaction": 4611, "contract": 56, "consent": 332,
    "complaint": 66, "survey_response": 293, "product": 14, "user_account": 45, "team": 7, "template": 3, "sequence": 2,
    "reminder_rule": 2, "alert_rule": 2, "inbound_endpoint": 2,
}  # fmt: skip


@pytest.fixture
async def segmenter(run: Run, settings: Settings, tmp_path: Path) -> AsyncIterator[None]:
    """The workspace is open and a segmenter runs, on a broker that knows nothing of earlier tests' databases."""
    broker = await connect_broker(settings.nats_url, name="tests")
    await ensure_stream(broker.jetstream())
    await broker.jetstream().delete_stream(STREAM)
    await broker.close()
    assert (await run("prepare", "--token-file", str(tmp_path / "admin.token"))).code == 0
    environment = {"PORTEFEUILLE_DATABASE_URL": settings.database_url, "PORTEFEUILLE_NATS_URL": settings.nats_url}
    with (tmp_path / "segmenter.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.segmenter", cwd=tmp_path, env={**os.environ, **environment},
            stdout=log, stderr=log,
        )  # fmt: skip
        yield
        process.kill()  # How it stops in order is a specification of its own.
        await process.wait()


async def test_the_demonstration_is_loaded_once_and_mails_nobody(
    run: Run, segmenter: None, owner: asyncpg.Connection
) -> None:
    loaded = await run("load-demo", "--json", "--timeout", "90")
    began = time.monotonic()
    again = await run("load-demo", "--json")
    took = time.monotonic() - began

    assert (loaded.code, loaded.json["settled"]) == (0, True), loaded.err
    assert loaded.json["rows"] == sum(list(COUNTS.values())[:11])
    assert again.json == {"rows": 0, "automation": 0, "settled": True}
    assert took < 10
    found = {table: await owner.fetchval(f'select count(*) from "{table}"') for table in COUNTS}  # noqa: S608
    assert found == COUNTS
    assert await owner.fetchval("select count(*) from customer_metrics") == 485
    entered = "select max(entered_at) < (select min(created_at) from sequence) from segment_membership m"
    assert await owner.fetchval(entered)
    follow_up = (
        "select count(*) from segment_membership m join segment s on s.id = m.segment_id"
        " where s.name = 'Clients à relancer'"
    )
    assert await owner.fetchval(follow_up) > 20


async def test_a_line_of_a_sale_points_to_its_product_and_its_customer(
    run: Run, segmenter: None, owner: asyncpg.Connection
) -> None:
    await run("load-demo", "--timeout", "0")

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
    assert await owner.fetchval("select count(*) from sequence") == 0


async def test_recompute_waits_until_everything_is_computed(
    run: Run, segmenter: None, owner: asyncpg.Connection
) -> None:
    await run("load-demo", "--timeout", "0")

    asked = await run("recompute", "--workspace", "demo", "--timeout", "90", "--json")
    unknown = await run("recompute", "--workspace", "nobody")

    assert asked.json == {"workspaces": 1, "status": "computed"}, asked.err
    assert await owner.fetchval("select count(*) from customer_metrics") == 485
    assert await owner.fetchval("select count(*) from stale_customer") == 0
    assert (unknown.code, unknown.err) == (1, "portefeuille: There is no workspace 'nobody'.\n")
