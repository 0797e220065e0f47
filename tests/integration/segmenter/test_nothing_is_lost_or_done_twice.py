"""Marks, claims and replicas: whatever happens at the same time, each change is computed, and recorded once."""

from uuid import UUID

import asyncpg
import pytest

from services.segmenter.domain.rows import Account
from services.segmenter.loops import Drain, Signals
from services.segmenter.ranking import rank_workspace, workspaces_behind
from services.segmenter.recompute import recompute
from services.segmenter.staleness import Claim, claim
from tests.integration.segmenter.workplace import Portfolio, Workplace
from tests.unit.segmenter.account import TODAY, sale

Replicas = tuple[asyncpg.Connection, asyncpg.Connection]
ACCOUNT = Account("Europe/Paris", "EUR", TODAY)
SELL = """
insert into transaction (workspace_id, customer_id, kind, occurred_at, amount, currency)
values ($1, $2, 'sale', $3, 100, 'EUR')
"""


@pytest.fixture
async def workplace(replicas: Replicas) -> Workplace:
    """A workspace with one customer, up to date."""
    workplace = await Workplace.open(replicas[0], "Europe/Paris", "EUR")
    await workplace.load(Portfolio.of(ACCOUNT, sale("c", "50"), sale("bystander", "10")))
    await workplace.mark()
    await workplace.settle()
    return workplace


async def _customer(workplace: Workplace) -> UUID:
    return (await workplace.ids())["c"]


async def _sell(connection: asyncpg.Connection, workplace: Workplace) -> None:
    await connection.execute(SELL, workplace.workspace_id, await _customer(workplace), sale("c", "1").occurred_at)


async def _mark(connection: asyncpg.Connection, workplace: Workplace, customer: UUID) -> None:
    await connection.execute(
        "insert into stale_customer (workspace_id, customer_id) values ($1, $2)", workplace.workspace_id, customer
    )


async def _count(connection: asyncpg.Connection, table: str) -> int:
    counts = {
        "score_history": "select count(*) from score_history",
        "outbox": "select count(*) from outbox",
        "stale_customer": "select count(*) from stale_customer",
        "segment_membership_history": "select count(*) from segment_membership_history",
    }
    count: int = await connection.fetchval(counts[table])
    return count


async def test_a_customer_marked_while_it_is_computed_is_computed_again(
    replicas: Replicas, workplace: Workplace
) -> None:
    one, other = replicas
    customer = await _customer(workplace)
    await workplace.mark([customer])
    async with one.transaction():
        taken = await claim(one, 10, 10, 1000)
        assert taken is not None
        await recompute(one, taken)
        # Meanwhile somebody else sells and marks. Neither waits.
        await _sell(other, workplace)
        await _mark(other, workplace, customer)

    assert (await workplace.scores())["c"]["revenue"] == 50
    assert len(await workplace.drain()) == 1
    assert (await workplace.scores())["c"]["revenue"] == 150


async def test_two_replicas_never_compute_the_same_customer_at_the_same_time(
    replicas: Replicas, workplace: Workplace
) -> None:
    one, other = replicas
    customer = await _customer(workplace)
    await workplace.mark([customer])
    async with one.transaction():
        first = await claim(one, 10, 10, 1000)
        await _mark(other, workplace, customer)
        async with other.transaction():
            second = await claim(other, 10, 10, 1000)

    assert first is not None
    assert first.customers == [customer]
    assert second is None
    assert await _count(one, "stale_customer") == 1


async def test_two_replicas_share_the_work(replicas: Replicas, workplace: Workplace) -> None:
    one, other = replicas
    await workplace.mark()
    async with one.transaction(), other.transaction():
        first, second = await claim(one, 1, 1, 1000), await claim(other, 1, 1, 1000)

    assert first is not None
    assert second is not None
    assert set(first.customers).isdisjoint(second.customers)


async def test_a_crash_brings_the_marks_back(replicas: Replicas, workplace: Workplace) -> None:
    one, other = replicas
    await _sell(one, workplace)
    await workplace.mark([await _customer(workplace)])
    history = await _count(one, "score_history")
    transaction = one.transaction()
    await transaction.start()
    taken = await claim(one, 10, 10, 1000)
    assert taken is not None
    await recompute(one, taken)
    await transaction.rollback()

    assert await _count(other, "stale_customer") == 1
    assert await _count(other, "score_history") == history


async def test_computing_again_writes_nothing(replicas: Replicas, workplace: Workplace) -> None:
    one, _ = replicas
    tables = ("score_history", "outbox", "segment_membership_history")
    before = [await _count(one, table) for table in tables]
    await workplace.mark()

    [summary] = await workplace.drain()
    async with one.transaction():
        ranked = await rank_workspace(one, workplace.workspace_id)

    assert (summary.customers, summary.changed, summary.memberships, summary.ranking_changed) == (2, 0, 0, False)
    assert ranked is not None
    assert ranked.reclassified == 0
    assert [await _count(one, table) for table in tables] == before


async def test_many_marks_of_a_customer_are_one_computation(replicas: Replicas, workplace: Workplace) -> None:
    customer = await _customer(workplace)
    for _ in range(5):
        await workplace.mark([customer])

    [summary] = await workplace.drain()

    assert summary.customers == 1
    assert await _count(replicas[0], "stale_customer") == 0


async def test_only_one_ranks_a_workspace_at_a_time(replicas: Replicas, workplace: Workplace) -> None:
    one, other = replicas
    async with one.transaction(), other.transaction():
        first = await rank_workspace(one, workplace.workspace_id)
        second = await rank_workspace(other, workplace.workspace_id)

    assert first is not None
    assert second is None


async def test_a_change_committed_while_ranking_is_ranked_next(replicas: Replicas, workplace: Workplace) -> None:
    one, other = replicas
    await _sell(one, workplace)
    async with other.transaction():
        await recompute(other, Claim(workplace.workspace_id, [await _customer(workplace)], [None]))
        async with one.transaction():
            await rank_workspace(one, workplace.workspace_id)
        behind_before_the_commit = await workspaces_behind(one, 10**9)

    assert behind_before_the_commit == []
    assert await workspaces_behind(one, 10**9) == [workplace.workspace_id]


async def test_a_workspace_that_cannot_be_computed_holds_up_nobody(replicas: Replicas, workplace: Workplace) -> None:
    one, _ = replicas
    broken = await Workplace.open(one, "UTC", "EUR")
    await broken.load(Portfolio.of(ACCOUNT, sale("x", "10"), sale("y", "10")))
    await one.execute("""update workspace set settings = '{"dormant_days": -1}' where id = $1""", broken.workspace_id)
    await broken.mark()
    await _sell(one, workplace)
    await workplace.mark()
    drain = Drain(Signals())

    while await drain.step(one):
        pass

    assert (await workplace.scores())["c"]["revenue"] == 150
    waiting = await one.fetch("select workspace_id from stale_customer where marked_at > now()")
    assert {row["workspace_id"] for row in waiting} == {broken.workspace_id}
    assert len(waiting) == 2


async def test_bulk_waits_while_many_events_are_to_be_published_and_events_do_not(workplace: Workplace) -> None:
    customer = await _customer(workplace)
    await workplace.connection.execute("delete from stale_customer")
    await workplace.connection.execute("delete from outbox")
    await workplace.connection.execute(
        "insert into outbox (workspace_id, type, data, occurred_at) select $1, 'task.changed', '{}', now()"
        " from generate_series(1, 20)",
        workplace.workspace_id,
    )
    mark = "insert into stale_customer (workspace_id, customer_id, priority) values ($1, $2, $3)"
    await workplace.connection.execute(mark, workplace.workspace_id, customer, 2)

    async with workplace.connection.transaction():
        bulk = await claim(workplace.connection, 10, 10, 20)
        await workplace.connection.execute(mark, workplace.workspace_id, customer, 0)
        urgent = await claim(workplace.connection, 10, 10, 20)
    await workplace.connection.execute(mark, workplace.workspace_id, customer, 2)

    async with workplace.connection.transaction():
        later = await claim(workplace.connection, 10, 10, 21)
    assert bulk is None
    assert urgent is not None
    assert later is not None


async def test_many_new_classes_are_written_in_several_runs(
    replicas: Replicas, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = replicas
    await one.execute("delete from customer_scores")
    await one.execute("update ranking_state set basis = null")
    monkeypatch.setattr("services.segmenter.ranking.RECLASSIFIED_AT_ONCE", 1)

    runs = []
    while await workspaces_behind(one, 10**9):
        async with one.transaction():
            ranked = await rank_workspace(one, workplace.workspace_id)
        assert ranked is not None
        runs.append(ranked.reclassified)

    assert runs[:2] == [1, 1]
    assert await one.fetchval("select count(*) from customer_scores") == 2


async def test_a_sum_may_be_larger_than_the_largest_amount(workplace: Workplace) -> None:
    customer = await _customer(workplace)
    for number in range(3):
        await workplace.connection.execute(
            "insert into transaction (workspace_id, customer_id, external_id, kind, occurred_at, amount, currency)"
            " select $1, $2, $3, 'sale', workspace_now($1), 99999999999999.99, 'EUR'",
            workplace.workspace_id, customer, f"huge {number}",
        )  # fmt: skip
    await workplace.mark()
    await workplace.drain()

    revenue = await workplace.connection.fetchval("select max(revenue) from customer_metrics")
    assert revenue > 299999999999999
