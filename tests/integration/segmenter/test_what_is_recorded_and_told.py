"""History, events, memberships with their reasons, and what becomes of a deleted customer."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.segmenter.domain.rows import Account
from tests.integration.segmenter.workplace import Portfolio, Workplace
from tests.unit.segmenter.account import TODAY, sale, survey, touch

ACCOUNT = Account("Europe/Paris", "EUR", TODAY)


@pytest.fixture
async def segment(workplace: Workplace) -> Any:
    """Active customers with more than 100 of revenue."""
    rules: list[dict[str, Any]] = [
        {"field": "scores.status", "operator": "=", "value": "active"},
        {"field": "scores.revenue", "operator": ">", "value": 100},
    ]
    return await _define(workplace, "good", rules)


async def _define(workplace: Workplace, name: str, rules: list[dict[str, Any]]) -> Any:
    return await workplace.connection.fetchval(
        "insert into segment (workspace_id, name, rule) values ($1, $2, $3) returning id",
        workplace.workspace_id,
        name,
        {"combinator": "and", "rules": rules},
    )


async def _members(workplace: Workplace, segment: Any) -> set[str]:
    rows = await workplace.connection.fetch(
        "select c.external_id from segment_membership m join customer c on c.id = m.customer_id"
        " where m.segment_id = $1",
        segment,
    )
    return {row["external_id"] for row in rows}


async def _told(connection: asyncpg.Connection, kind: str) -> list[Any]:
    return [row["data"] for row in await connection.fetch("select data from outbox where type = $1 order by id", kind)]


async def test_the_first_figures_tell_only_what_is_news(workplace: Workplace, connection: asyncpg.Connection) -> None:
    await workplace.load(Portfolio.of(ACCOUNT, touch("prospect", "ticket")))
    await workplace.mark()

    await workplace.settle()

    [event] = await _told(connection, "score.changed")
    assert event["changed"] == {"status": {"before": None, "after": "prospect"}}
    recorded = await connection.fetchval("select changed from score_history")
    assert recorded["orders"] == 0
    assert recorded["revenue"] == "0.00"


async def test_a_change_is_told_with_before_and_after_and_folds_into_history(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    await workplace.load(Portfolio.of(ACCOUNT, sale("c", "50"), survey("c", "nps", 9), sale("bystander", "10")))
    await workplace.mark()
    await workplace.settle()
    await connection.execute("delete from outbox")
    ids = await workplace.ids()
    await workplace.set_day(TODAY + timedelta(days=181))

    await workplace.settle()

    told = [
        event["changed"] for event in await _told(connection, "score.changed") if event["customer_id"] == str(ids["c"])
    ]
    assert told[0]["status"] == {"before": "active", "after": "dormant"}
    rows = await connection.fetch("select changed from score_history where customer_id = $1 order by id", ids["c"])
    folded = {name: value for row in rows for name, value in row["changed"].items()}
    assert (folded["status"], folded["revenue"], folded["nps_class"], folded["abc_revenue"]) == (
        "dormant", "50.00", "promoter", "A",
    )  # fmt: skip
    assert not {"rank", "recency_days"} & folded.keys()


async def test_a_member_enters_with_the_reason_and_leaves_when_it_no_longer_holds(
    workplace: Workplace, connection: asyncpg.Connection, segment: Any
) -> None:
    await workplace.load(Portfolio.of(ACCOUNT, sale("c", "150"), sale("small", "50")))
    await workplace.mark()
    await workplace.settle()
    assert await _members(workplace, segment) == {"c"}
    reason = await connection.fetchval("select reason from segment_membership where segment_id = $1", segment)
    assert reason["definition_version"] == 1
    assert reason["rules"][0] == {
        "field": "scores.status", "operator": "=", "wanted": "active", "actual": "active", "result": True,
    }  # fmt: skip
    await workplace.set_day(TODAY + timedelta(days=181))

    await workplace.settle()

    assert await _members(workplace, segment) == set()
    changes = await connection.fetch(
        "select change from segment_membership_history where segment_id = $1 order by id", segment
    )
    assert [row["change"] for row in changes] == ["entered", "left"]
    [entered], [left] = await _told(connection, "segment.entered"), await _told(connection, "segment.left")
    assert entered == left == {
        "customer_id": str((await workplace.ids())["c"]), "segment_id": str(segment), "definition_version": 1,
    }  # fmt: skip


async def test_a_redefined_segment_keeps_whom_it_still_holds(
    workplace: Workplace, connection: asyncpg.Connection, segment: Any
) -> None:
    await workplace.load(Portfolio.of(ACCOUNT, sale("both", "150"), sale("later", "50")))
    await workplace.mark()
    await workplace.settle()
    await connection.execute(
        "update segment set rule = $2, definition_version = 2 where id = $1",
        segment,
        {"combinator": "and", "rules": [{"field": "scores.revenue", "operator": ">", "value": 10}]},
    )
    await connection.execute(
        "insert into stale_segment (workspace_id, segment_id) values ($1, $2)", workplace.workspace_id, segment
    )

    await workplace.settle()

    rows = await connection.fetch("select definition_version from segment_membership where segment_id = $1", segment)
    assert [row["definition_version"] for row in rows] == [2, 2]
    entered = [event["definition_version"] for event in await _told(connection, "segment.entered")]
    assert entered == [1, 2]


async def test_everybody_leaves_a_deleted_segment(
    workplace: Workplace, connection: asyncpg.Connection, segment: Any
) -> None:
    await workplace.load(Portfolio.of(ACCOUNT, sale("c", "150")))
    await workplace.mark()
    await workplace.settle()
    await connection.execute("update segment set deleted_at = now() where id = $1", segment)
    await connection.execute(
        "insert into stale_segment (workspace_id, segment_id) values ($1, $2)", workplace.workspace_id, segment
    )

    await workplace.settle()

    assert await _members(workplace, segment) == set()
    assert len(await _told(connection, "segment.left")) == 1


async def test_a_segment_of_members_of_another_follows_it(
    workplace: Workplace, connection: asyncpg.Connection, segment: Any
) -> None:
    outer = await _define(workplace, "outer", [{"field": "segments", "operator": "memberOf", "value": [str(segment)]}])
    await workplace.load(Portfolio.of(ACCOUNT, sale("c", "150"), sale("small", "50")))
    await workplace.mark()
    await workplace.settle()
    assert await _members(workplace, outer) == {"c"}
    await workplace.set_day(TODAY + timedelta(days=181))

    await workplace.settle()

    assert await _members(workplace, outer) == set()


async def test_a_rule_about_a_change_of_class_sees_what_it_was_before(
    workplace: Workplace, connection: asyncpg.Connection
) -> None:
    fallen = await _define(
        workplace, "fallen", [{"field": "scores.abc_revenue", "operator": "changedFrom", "value": ["A"]}]
    )
    await workplace.load(Portfolio.of(ACCOUNT, sale("c", "100"), sale("other", "90")))
    await workplace.mark()
    await workplace.settle()
    assert await _members(workplace, fallen) == set()
    await connection.execute(
        "insert into transaction (workspace_id, customer_id, kind, occurred_at, amount, currency)"
        " values ($1, $2, 'sale', $3, 100000, 'EUR')",
        workplace.workspace_id, (await workplace.ids())["other"], sale("other", "1").occurred_at,
    )  # fmt: skip
    await workplace.mark()

    await workplace.settle()

    assert await _members(workplace, fallen) == {"c"}


async def test_a_birthday_segment_follows_the_calendar_without_any_event(workplace: Workplace) -> None:
    birthdays = await _define(
        workplace, "birthdays", [{"field": "birth_date", "operator": "anniversaryInNext", "value": "P1D"}]
    )
    await workplace.connection.execute(
        "insert into customer (workspace_id, external_id, kind, name, birth_date)"
        " values ($1, 'leap', 'person', 'Leap', '--04-01')",
        workplace.workspace_id,
    )
    await workplace.settle()
    assert await _members(workplace, birthdays) == set()
    await workplace.set_day(TODAY + timedelta(days=1))

    await workplace.settle()

    assert await _members(workplace, birthdays) == {"leap"}


async def test_a_deleted_customer_leaves_and_the_others_move_up(
    workplace: Workplace, connection: asyncpg.Connection, segment: Any
) -> None:
    await workplace.load(Portfolio.of(ACCOUNT, sale("best", "500"), sale("second", "150")))
    await workplace.mark()
    await workplace.settle()
    best = (await workplace.ids())["best"]
    await connection.execute("update customer set deleted_at = now() where id = $1", best)
    await workplace.mark([best])

    await workplace.settle()

    assert await _members(workplace, segment) == {"second"}
    scores = await workplace.scores()
    assert (scores["second"]["rank"], scores["second"]["pareto"]) == (1, "big")
    assert "best" not in scores
    assert await connection.fetchval("select count(*) from customer_metrics where customer_id = $1", best) == 0
