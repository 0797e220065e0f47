"""Threshold alerts: compare what is with what the rules say, raise and clear, and tell whom it concerns.

One alert is open at most per rule and scope object; the database's unique index says so too. Judging twice the same
figures changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.desk import Desk
from services.scheduler.domain.alerting import AlertState, Clear, Raise, Status, evaluate
from services.scheduler.domain.findings import Finding
from services.scheduler.figures import customers_in, period_values, present_figures
from services.scheduler.telling import Raised, tell_of
from services.scheduler.workspaces import Company
from shared.domain.automation.alert_rule import AlertRule, parse_alert_rule
from shared.domain.automation.conditions import ConditionType, Value
from shared.domain.automation.metrics import KPI_METRICS
from shared.domain.rules.fields import SCORE_PREFIX
from shared.events.automation import AlertCleared, AlertRaised
from shared.models import Alert, AlertObservation
from shared.models import AlertRule as RuleRow
from shared.outbox.append import append

AT_ONCE: Final = 1000
WORKSPACE: Final = "workspace"
_REMEMBERING: Final = frozenset({ConditionType.CROSSES, ConditionType.CLASS_CHANGED})
_ONE_AT_A_TIME: Final = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule as a value, with the identity of its row."""

    id: UUID
    version: int
    rule: AlertRule


@dataclass(frozen=True, slots=True)
class Observed:
    """What a rule sees of one scope object, what it compares that with, and how many alerts there were before."""

    scope_key: str
    customer_id: UUID | None
    previous: Value
    value: Value
    episodes: int = 0


async def watch_customers(
    desk: Desk, company: Company, customers: Sequence[UUID], before: Mapping[UUID, Mapping[str, Any]] | None = None
) -> int:
    """Judge every rule about a customer's own figures for these customers; returns how many alerts changed.

    `before` is what the event says of values before it: the best guess where a rule has seen nothing yet.
    """
    watches = [watch for watch in await _watches(desk.session, company.id) if watch.rule.metric not in KPI_METRICS]
    return await _judge_customers(desk, company, watches, customers, before or {}) if watches else 0


async def watch_rules(desk: Desk, company: Company, rules: Collection[UUID]) -> int:
    """Judge these rules for everything in their scope: they are new, or have changed."""
    changed = 0
    for watch in await _watches(desk.session, company.id, rules):
        if watch.rule.metric in KPI_METRICS:
            changed += await _judge_period(desk, company, watch)
            continue
        customers = await customers_in(desk.session, company.id, watch.rule.scope)
        for start in range(0, len(customers), AT_ONCE):
            changed += await _judge_customers(desk, company, [watch], customers[start : start + AT_ONCE], {})
    return changed


async def watch_periods(desk: Desk, company: Company) -> int:
    """Judge every rule about figures of a period; returns how many alerts changed."""
    watches = await _watches(desk.session, company.id)
    return sum([await _judge_period(desk, company, watch) for watch in watches if watch.rule.metric in KPI_METRICS])


async def _watches(session: AsyncSession, workspace_id: UUID, rules: Collection[UUID] | None = None) -> list[Watch]:
    statement = select(RuleRow).where(
        RuleRow.workspace_id == workspace_id, RuleRow.active, RuleRow.deleted_at.is_(None)
    )
    if rules is not None:
        statement = statement.where(RuleRow.id.in_(rules))
    rows = (await session.scalars(statement.order_by(RuleRow.id))).all()
    return [Watch(row.id, row.version, parse_alert_rule(row.definition, known_metrics={row.metric})) for row in rows]


async def _judge_period(desk: Desk, company: Company, watch: Watch) -> int:
    value, compared = await period_values(desk.session, company, watch.rule, desk.now)
    if watch.rule.condition.type in _REMEMBERING:
        compared = (await _seen(desk.session, company.id, watch, [WORKSPACE])).get(WORKSPACE)
    return await _judge(desk, company, watch, [Observed(WORKSPACE, None, compared, value)])


async def _judge_customers(
    desk: Desk,
    company: Company,
    watches: Collection[Watch],
    customers: Collection[UUID],
    before: Mapping[UUID, Mapping[str, Any]],
) -> int:
    metrics = {watch.rule.metric for watch in watches}
    figures = await present_figures(desk.session, company, customers, metrics, desk.now)
    changed = 0
    for watch in watches:
        meant = figures.keys() & await _meant(desk.session, company.id, watch.rule, figures)
        metric = watch.rule.metric
        keys = {f"customer:{customer_id}": customer_id for customer_id in sorted(meant)}
        seen = await _seen(desk.session, company.id, watch, keys)
        observed = [
            Observed(key, customer_id, seen.get(key, _told(before, customer_id, metric)), figures[customer_id][metric])
            for key, customer_id in keys.items()
            if metric in figures[customer_id]
        ]
        changed += await _judge(desk, company, watch, observed)
    return changed


async def _meant(
    session: AsyncSession, workspace_id: UUID, rule: AlertRule, customers: Iterable[UUID]
) -> Collection[UUID]:
    """Those of the customers that are in the rule's scope."""
    return set(customers) if rule.scope.id is None else await customers_in(session, workspace_id, rule.scope)


def _told(before: Mapping[UUID, Mapping[str, Any]], customer_id: UUID, metric: str) -> Value:
    """The class that the event names as the one before; figures are only compared with what the rule itself saw."""
    told = before.get(customer_id, {}).get(metric.removeprefix(SCORE_PREFIX), {}).get("before")
    return told if isinstance(told, str) else None


async def _seen(session: AsyncSession, workspace_id: UUID, watch: Watch, keys: Collection[str]) -> dict[str, Value]:
    """What the rule saw last. Only conditions about a step from one value to another ask for it."""
    if watch.rule.condition.type not in _REMEMBERING:
        return {}
    await session.execute(_ONE_AT_A_TIME, {"name": f"alert rule {watch.id}"})
    statement = select(AlertObservation.scope_key, AlertObservation.value).where(
        AlertObservation.workspace_id == workspace_id,
        AlertObservation.rule_id == watch.id,
        AlertObservation.scope_key.in_(keys),
    )
    return {key: _from_json(value) for key, value in await session.execute(statement)}


def _from_json(value: dict[str, str]) -> Value:
    return Decimal(value["number"]) if "number" in value else value["class"]


async def _judge(desk: Desk, company: Company, watch: Watch, observed: Collection[Observed]) -> int:
    """One verdict a scope object, carried out."""
    states = await _states(desk.session, company.id, watch, [item.scope_key for item in observed])
    changed = 0
    for item in observed:
        state, episodes = states[item.scope_key]
        verdict = evaluate(watch.rule, state, item.previous, item.value, desk.now)
        if isinstance(verdict, Raise):
            changed += await _raise(desk, company, watch, replace(item, episodes=episodes), verdict.finding)
        elif isinstance(verdict, Clear):
            changed += await _clear(desk, company, watch, item, verdict.finding)
    await _remember(desk, company.id, watch, observed)
    return changed


async def _states(
    session: AsyncSession, workspace_id: UUID, watch: Watch, keys: Collection[str]
) -> dict[str, tuple[AlertState, int]]:
    """The latest episode of each scope object, and how many there were."""
    latest = func.row_number().over(partition_by=Alert.scope_key, order_by=Alert.raised_at.desc())
    count = func.count().over(partition_by=Alert.scope_key)
    ranked = (
        select(Alert.scope_key, Alert.state, Alert.raised_at, Alert.cleared_at, count, latest.label("place"))
        .where(Alert.workspace_id == workspace_id, Alert.rule_id == watch.id, Alert.scope_key.in_(keys))
        .subquery()
    )
    found: dict[str, tuple[AlertState, int]] = defaultdict(lambda: (AlertState(), 0))
    last = select(ranked).where(ranked.c.place == 1)
    for key, state, raised_at, cleared_at, episodes, _ in await session.execute(last):
        found[key] = AlertState(Status(state), raised_at, cleared_at), episodes
    return found


async def _raise(desk: Desk, company: Company, watch: Watch, item: Observed, finding: Finding) -> int:
    row = {
        "workspace_id": company.id,
        "rule_id": watch.id,
        "rule_version": watch.version,
        "scope_key": item.scope_key,
        "customer_id": item.customer_id,
        "state": Status.RAISED.value,
        "severity": watch.rule.severity.value,
        "polarity": watch.rule.polarity.value,
        "value": _plain(item.value),
        "reason": _reason(finding, item),
        "raised_at": desk.now,
        "created_at": desk.now,
    }
    alert_id = await desk.session.scalar(insert(Alert).values(row).on_conflict_do_nothing().returning(Alert.id))
    if alert_id is None:
        return 0
    event = AlertRaised(item.customer_id, alert_id, watch.id, watch.rule.severity.value)
    await append(desk.session, company.id, [event], now=desk.now)
    raised = Raised(watch.id, watch.version, watch.rule, item.scope_key, item.customer_id, item.episodes + 1)
    await tell_of(desk, company, raised, finding, cleared=False)
    return 1


async def _clear(desk: Desk, company: Company, watch: Watch, item: Observed, finding: Finding) -> int:
    open_one = (Alert.workspace_id == company.id, Alert.rule_id == watch.id, Alert.scope_key == item.scope_key)
    statement = (
        update(Alert)
        .where(*open_one, Alert.state != Status.CLEARED.value)
        .values(state=Status.CLEARED.value, cleared_at=desk.now, version=Alert.version + 1)
        .returning(Alert.id)
    )
    alert_id = await desk.session.scalar(statement)
    if alert_id is None:
        return 0
    event = AlertCleared(item.customer_id, alert_id, watch.id)
    await append(desk.session, company.id, [event], now=desk.now)
    raised = Raised(watch.id, watch.version, watch.rule, item.scope_key, item.customer_id, 0, alert_id)
    await tell_of(desk, company, raised, finding, cleared=True)
    return 1


def _reason(finding: Finding, item: Observed) -> dict[str, Any]:
    return {
        "relation": finding.relation,
        "figure": _plain(finding.figure),
        "threshold": finding.threshold,
        "previous": _plain(item.previous),
    }


def _plain(value: Value) -> str | None:
    """Decimals travel as text: JSON has only floats."""
    return value if value is None or isinstance(value, str) else f"{value:f}"


async def _remember(desk: Desk, workspace_id: UUID, watch: Watch, observed: Collection[Observed]) -> None:
    if watch.rule.condition.type not in _REMEMBERING:
        return
    rows = [
        {
            "workspace_id": workspace_id,
            "rule_id": watch.id,
            "scope_key": item.scope_key,
            "value": {"class": item.value} if isinstance(item.value, str) else {"number": _plain(item.value)},
            "observed_at": desk.now,
        }
        for item in observed
        if item.value is not None
    ]
    if not rows:
        return
    statement = insert(AlertObservation).values(rows)
    key = ("workspace_id", "rule_id", "scope_key")
    changed = {"value": statement.excluded.value, "observed_at": statement.excluded.observed_at}
    unlike = AlertObservation.value.is_distinct_from(statement.excluded.value)
    await desk.session.execute(statement.on_conflict_do_update(index_elements=key, set_=changed, where=unlike))
