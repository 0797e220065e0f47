"""A few sales move a few cuts: only who is near them is looked at, and everybody's class is still that of the rules."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from uuid import UUID

import asyncpg
import pytest

from services.segmenter.domain.rows import Account, Transaction
from services.segmenter.ranking import Ranked, rank_workspace
from tests.integration.segmenter.oracle import assert_agrees
from tests.integration.segmenter.random_portfolio import random_portfolio
from tests.integration.segmenter.workplace import Portfolio, Workplace
from tests.unit.segmenter.account import TODAY, sale

AS_OF = date(2026, 3, 31)


@pytest.fixture(autouse=True, params=[1, 7, 1000])
def number_of_buckets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody in one bucket, many in each, and one value in each: the answer is the same."""
    monkeypatch.setattr("services.segmenter.ranking.BUCKETS", request.param)


async def test_every_step_of_a_stream_of_sales_and_refunds_leaves_the_classes_of_the_rules(
    connection: asyncpg.Connection,
) -> None:
    whole = random_portfolio(11, 200, AS_OF)
    rows = Random(11).sample(whole.transactions, len(whole.transactions))
    so_far, coming = replace(whole, transactions=rows[:-120]), list(_in_steps(rows[-120:]))
    workplace = await Workplace.open(connection, "Europe/Paris", "EUR", AS_OF)
    await workplace.load(so_far)
    await workplace.mark()
    await workplace.settle()
    runs = []

    for step in coming:
        so_far = replace(so_far, transactions=[*so_far.transactions, *step])
        runs += await _take_in(workplace, step)
        await assert_agrees(workplace, so_far)

    assert sum(not run.everybody for run in runs) > len(coming) / 2
    audit = await _rank_everybody(workplace)
    assert (audit.everybody, audit.reclassified) == (True, 0)


async def test_who_leaves_and_who_comes_moves_the_cuts_of_the_others(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    amounts = {f"c{number:02}": str(number * number) for number in range(40)}
    await workplace.load(_portfolio(amounts))
    await workplace.mark()
    await workplace.settle()
    ids = await workplace.ids()
    for gone in ("c39", "c00", "c20"):
        await connection.execute("update customer set deleted_at = now() where id = $1", ids[gone])
        await workplace.mark([ids[gone]])
        amounts.pop(gone)
        await workplace.settle()
    await workplace.load(_portfolio({"c50": "9000"}))
    await workplace.mark([(await workplace.ids())["c50"]])
    await workplace.settle()

    assert {name: figures["rank"] for name, figures in (await workplace.scores()).items() if name == "c50"} == {
        "c50": 1
    }
    present = await workplace.scores()
    await assert_agrees(workplace, _portfolio(amounts | {"c50": "9000"}))
    assert set(present) == {*amounts, "c50"}


async def test_new_settings_classify_everybody_anew_though_no_figure_moves(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    await workplace.load(_portfolio({"a": "500", "b": "300", "c": "200"}))
    await workplace.mark()
    await workplace.settle()
    before = {name: figures["abc_revenue"] for name, figures in (await workplace.scores()).items()}

    await connection.execute("""update workspace set settings = '{"abc_cum_pct": [50, 60]}'""")
    await workplace.settle()

    assert before == {"a": "A", "b": "A", "c": "B"}
    after = {name: figures["abc_revenue"] for name, figures in (await workplace.scores()).items()}
    assert after == {"a": "A", "b": "B", "c": "C"}


def _portfolio(amounts: dict[str, str]) -> Portfolio:
    return Portfolio.of(
        Account("Europe/Paris", "EUR", TODAY), *(sale(name, amount) for name, amount in amounts.items())
    )


def _in_steps(rows: Sequence[Transaction]) -> Iterator[Sequence[Transaction]]:
    """One at a time, then a few, then so many that everybody is looked at."""
    yield from ([row] for row in rows[:20])
    yield from _chunks(rows[20:60], 5)
    yield from _chunks(rows[60:], 30)


def _chunks(rows: Sequence[Transaction], size: int) -> Iterator[Sequence[Transaction]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


async def _take_in(workplace: Workplace, rows: Sequence[Transaction]) -> list[Ranked]:
    ids = await workplace.ids()
    await workplace.load(replace(Portfolio.of(Account("Europe/Paris", "EUR", AS_OF), *rows), customers=[]))
    await workplace.mark({ids[row.customer_id] for row in rows})
    await workplace.drain()
    runs = [await _rank(workplace)]
    await workplace.settle()
    return runs


async def _rank(workplace: Workplace) -> Ranked:
    async with workplace.connection.transaction():
        ranked = await rank_workspace(workplace.connection, workplace.workspace_id)
    assert ranked is not None
    return ranked


async def _rank_everybody(workplace: Workplace) -> Ranked:
    await workplace.connection.execute("update ranking_state set basis = null")
    return await _rank(workplace)


@pytest.mark.parametrize(
    ("field", "was", "asked_again"),
    [
        ("scores.abc_revenue", "update customer_scores set abc_revenue = 'C' where customer_id = $1", 1),
        ("scores.abc_revenue", "update customer_scores set rfm_m = 1 where customer_id = $1", 0),
        ("scores.rfm.cell", "update customer_scores set rfm_m = 1 where customer_id = $1", 1),
        ("scores.rfm.cell", "update customer_scores set ntile_f = 2 where customer_id = $1", 0),
        ("scores.rfm_ntile.cell", "update customer_scores set ntile_f = 2 where customer_id = $1", 1),
    ],
)
async def test_rules_are_asked_again_where_a_class_changed_that_they_ask_for(
    workplace: Workplace, connection: asyncpg.Connection, field: str, was: str, asked_again: int
) -> None:
    await _define(workplace, field, "=", "whatever" if field.endswith("cell") else "A")
    await workplace.load(_portfolio({"a": "500", "b": "300", "c": "200"}))
    await workplace.mark()
    await workplace.settle()
    await connection.execute(was, (await workplace.ids())["a"])

    assert (await _rank_everybody(workplace)).reclassified == 1

    assert await connection.fetchval("select count(*) from stale_customer") == asked_again


async def test_a_segment_of_the_best_follows_rank_numbers_though_no_class_changes(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    segment = await _define(workplace, "scores.rank", "<=", 2)
    names = {f"c{number}": str(100 - number) for number in range(20)}
    await workplace.load(_portfolio(names))
    await workplace.mark()
    await workplace.settle()
    before = await _members(workplace, segment)

    await workplace.load(replace(_portfolio({"c2": "1.50"}), customers=[]))
    await workplace.mark([(await workplace.ids())["c2"]])
    await workplace.settle()

    assert (before, await _members(workplace, segment)) == ({"c0", "c1"}, {"c0", "c2"})


async def _define(workplace: Workplace, field: str, operator: str, value: object) -> UUID:
    rule = {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}
    found: UUID = await workplace.connection.fetchval(
        "insert into segment (workspace_id, name, rule) values ($1, $2, $3) returning id",
        workplace.workspace_id, field, rule,
    )  # fmt: skip
    return found


async def _members(workplace: Workplace, segment: UUID) -> set[str]:
    rows = await workplace.connection.fetch(
        "select c.external_id from segment_membership m join customer c on c.id = m.customer_id where segment_id = $1",
        segment,
    )
    return {row["external_id"] for row in rows}


async def test_what_just_happened_is_classified_before_what_is_left_of_a_bulk(
    workplace: Workplace, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await workplace.load(_portfolio({f"c{number:02}": str(number * number) for number in range(40)}))
    await workplace.mark()
    await workplace.settle()
    await connection.execute("update customer_scores set pareto = null, rfm_r = null, abc_revenue = null")
    await connection.execute("update ranking_state set unfinished = true")
    monkeypatch.setattr("services.segmenter.ranking.RECLASSIFIED_AT_ONCE", 1)
    ids = await workplace.ids()
    await workplace.load(replace(_portfolio({"c17": "1"}), customers=[]))
    await workplace.mark([ids["c17"]])
    await workplace.drain()

    await _rank(workplace)

    done = await connection.fetch("select customer_id from customer_scores where pareto is not null")
    assert [row["customer_id"] for row in done] == [ids["c17"]]
