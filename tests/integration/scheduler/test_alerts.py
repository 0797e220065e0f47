"""Threshold alerts: raised once, cleared beyond their hysteresis, quiet in between; for customers and for periods."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.scheduler.runs import JobRuns
from shared.events.automation import AlertRuleDefined
from shared.events.segments import ScoreChanged
from tests.integration.scheduler.world import LETTERHEAD, Json, World

AT_RISK: Json = {
    "name": "Risque de départ", "metric": "scores.churn_risk.level", "scope": {"type": "customer"},
    "condition": {"type": "class_changed", "to": "high"}, "severity": "high", "channels": ["in_app"],
}  # fmt: skip
BIG: Json = {
    "name": "Gros client", "metric": "scores.revenue", "scope": {"type": "customer"}, "polarity": "positive",
    "condition": {"type": "above", "value": 1000}, "clear": {"below": 800}, "cooldown": "P7D",
}  # fmt: skip
FALLING: Json = {
    "name": "CA en baisse", "metric": "kpi.revenue", "period": "month", "severity": "high",
    "condition": {"type": "change_pct", "compare": "same_last_year", "below": -20}, "clear": {"above": -10},
    "channels": ["in_app", "email"],
}  # fmt: skip


async def rule(world: World, document: Json) -> UUID:
    return await world.rule("alert_rule", document, metric=document["metric"])


async def scores(world: World, customer_id: UUID, **columns: Any) -> None:
    """What the segmenter found."""
    await world.owner.execute("delete from customer_metrics where customer_id = $1", customer_id)
    given = {
        "customer_id": customer_id, "as_of": date(2026, 11, 24), "computed_at": datetime(2026, 11, 24, tzinfo=UTC),
        "tie_break": "", "status": "active", "orders": 1, "revenue": Decimal(0), "cost_to_serve": Decimal(0),
        "delivered": 0, "opened": 0, "clicked": 0, "social": 0, "lead_score": Decimal(0), "qualified": False,
    } | columns  # fmt: skip
    values = {"workspace_id": world.workspace_id, **given}
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    statement = f"insert into customer_metrics ({', '.join(values)}) values ({places})"  # noqa: S608 - of a test.
    await world.owner.execute(statement, *values.values())


async def change(world: World, customer_id: UUID, name: str, before: object, after: object) -> None:
    await world.happens(ScoreChanged(customer_id, {name: {"before": before, "after": after}}))


async def test_a_class_that_changes_raises_one_alert_however_often_the_event_comes(world: World) -> None:
    await rule(world, AT_RISK)
    owner = await world.user()
    camille, bystander = await world.customer(owner_id=owner), await world.customer("D", email="d@example.org")
    await scores(world, camille, churn_level="high")
    await scores(world, bystander, churn_level="high")
    event = await world.envelope(ScoreChanged(camille, {"churn_risk.level": {"before": "low", "after": "high"}}))

    await asyncio.gather(world.handle(event), world.handle(event))
    await world.handle(event)

    assert await world.all("alert", "customer_id, state, severity, value::text") == [
        (camille, "raised", "high", '"high"')
    ]
    assert await world.all("notification", "user_id, title, body") == [
        (owner, "Alerte\xa0: Risque de départ (Camille Durand)", "Risque de départ\xa0: high au lieu de low")
    ]
    assert await world.all("decision", "kind, customer_id, outcome") == [("alert", camille, "sent")]
    assert [row[0] for row in await world.all("outbox", "type")] == ["alert.raised"]


async def test_an_alert_is_cleared_when_the_class_is_left_and_may_come_again(world: World) -> None:
    await rule(world, AT_RISK)
    camille = await world.customer()
    for before, after in (("low", "high"), ("high", "medium"), ("medium", "high")):
        await scores(world, camille, churn_level=after)
        await change(world, camille, "churn_risk.level", before, after)

    assert await world.all("alert", "state", "raised_at") == [("cleared",), ("raised",)]
    told = [row[0] for row in await world.all("outbox", "type", "id")]
    assert told == ["alert.raised", "alert.cleared", "alert.raised"]
    assert len(await world.all("decision")) == 2


async def test_between_its_two_thresholds_an_alert_neither_ends_nor_flaps_and_cools_down_after_its_end(
    sandbox: World,
) -> None:
    await sandbox.set_clock(datetime(2026, 11, 24, 10, tzinfo=UTC))
    await rule(sandbox, BIG)
    camille = await sandbox.customer()

    async def revenue(amount: int) -> list[tuple[Any, ...]]:
        await scores(sandbox, camille, revenue=Decimal(amount))
        await change(sandbox, camille, "revenue", None, None)
        return await sandbox.all("alert", "state", "raised_at")

    assert await revenue(1000) == []
    assert await revenue(1001) == [("raised",)]
    assert await revenue(900) == [("raised",)]
    assert await revenue(1100) == [("raised",)]
    assert await revenue(799) == [("cleared",)]
    assert await revenue(2000) == [("cleared",)]
    await sandbox.pass_time(timedelta(days=7))
    assert await revenue(2001) == [("cleared",), ("raised",)]
    assert (await sandbox.all("notification", "title", "created_at"))[0] == (
        "Bonne nouvelle\xa0: Gros client (Camille Durand)",
    )


async def test_a_rule_about_one_segment_leaves_the_others_alone(world: World) -> None:
    segment = await world.segment()
    member, other = await world.customer(), await world.customer("Autre", email="autre@example.org")
    await world.owner.execute(
        "insert into segment_membership (workspace_id, segment_id, customer_id, definition_version, entered_at)"
        " values ($1, $2, $3, 1, now())",
        world.workspace_id, segment, member,
    )  # fmt: skip
    for customer in (member, other):
        await scores(world, customer, revenue=Decimal(5000))

    rule_id = await rule(world, BIG | {"scope": {"type": "segment", "id": str(segment)}})
    await world.happens(AlertRuleDefined(rule_id))

    assert await world.all("alert", "customer_id") == [(member,)]


async def sale(world: World, customer_id: UUID, day: datetime, amount: str, **columns: Any) -> None:
    given = {"kind": "sale", "occurred_at": day, "amount": Decimal(amount), "currency": "EUR"}
    await world.insert("transaction", customer_id=customer_id, **(given | columns))


async def test_revenue_of_the_month_so_far_is_compared_with_as_many_days_of_last_years_month(sandbox: World) -> None:
    await sandbox.set_clock(datetime(2026, 11, 10, 11, 15, tzinfo=UTC))
    await sandbox.user("Chantal Chef", role="admin", email="chef@boutique.example")
    await sandbox.user("Alice Martin")
    camille = await sandbox.customer()
    await sale(sandbox, camille, datetime(2025, 11, 3, tzinfo=UTC), "1000.00")
    await sale(sandbox, camille, datetime(2025, 11, 20, tzinfo=UTC), "9000.00")
    await sale(sandbox, camille, datetime(2026, 11, 2, tzinfo=UTC), "790.00")
    await rule(sandbox, FALLING)
    jobs = JobRuns(sandbox.sessions, LETTERHEAD)

    await jobs.run_due_of(sandbox.workspace_id)
    assert await sandbox.all("alert", "scope_key, state, reason->>'figure'") == [("workspace", "raised", "-21")]
    assert await sandbox.all("message", "recipient, customer_id, subject") == [
        ("chef@boutique.example", None, "Alerte : CA en baisse (Bac à sable)")
    ]

    await sale(sandbox, camille, datetime(2026, 11, 10, tzinfo=UTC), "60.00")
    await sandbox.pass_time(timedelta(hours=1))
    await jobs.run_due_of(sandbox.workspace_id)
    assert await sandbox.all("alert", "state") == [("raised",)]

    await sale(sandbox, camille, datetime(2026, 11, 10, tzinfo=UTC), "60.00")
    await sandbox.pass_time(timedelta(hours=1))
    await jobs.run_due_of(sandbox.workspace_id)
    assert await sandbox.all("alert", "state") == [("cleared",)]


async def test_nothing_to_compare_with_raises_nothing(sandbox: World) -> None:
    await sandbox.set_clock(datetime(2026, 11, 10, 11, 15, tzinfo=UTC))
    await rule(sandbox, FALLING)

    await JobRuns(sandbox.sessions, LETTERHEAD).run_due_of(sandbox.workspace_id)

    assert await sandbox.all("alert") == []


async def test_orders_count_once_refunded_ones_not_at_all_and_active_clients_by_their_last_purchase(
    sandbox: World,
) -> None:
    await sandbox.set_clock(datetime(2026, 11, 10, 11, 15, tzinfo=UTC))
    camille = await sandbox.customer()
    refunded = await sandbox.customer("Remboursé", email="r@example.org")
    day = datetime(2026, 11, 3, tzinfo=UTC)
    await sale(sandbox, camille, day, "10.00", order_id="A")
    await sale(sandbox, camille, day, "20.00", order_id="A")
    await sale(sandbox, camille, day, "30.00")
    await sale(sandbox, refunded, day, "50.00", order_id="B")
    await sale(sandbox, refunded, day, "-50.00", order_id="B", kind="refund")
    for metric, value in (("kpi.orders", 2), ("kpi.active_clients", 1), ("kpi.revenue", 60),
                          ("kpi.average_order_value", 30)):  # fmt: skip
        condition = {"type": "between", "low": value, "high": value}
        await rule(sandbox, {"name": metric, "metric": metric, "condition": condition})

    await JobRuns(sandbox.sessions, LETTERHEAD).run_due_of(sandbox.workspace_id)

    assert len(await sandbox.all("alert")) == 4
