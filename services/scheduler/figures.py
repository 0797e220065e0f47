"""What alerts look at: the present figures of customers, and figures of a period for many customers together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.domain.periods import Span, compared_span, period_to_date
from services.scheduler.workspaces import Company
from shared.db.sql import load_sql
from shared.domain.automation.alert_rule import AlertRule, Scope, ScopeType
from shared.domain.automation.conditions import ConditionType, Value
from shared.domain.durations import add_months
from shared.domain.money import minor_units
from shared.domain.rules.catalogue import standard_catalogue
from shared.models import Customer, SegmentMembership, UserAccount
from shared.rules.records import as_record, select_records

ACTIVE_MONTHS: Final = 12
_CHANGES: Final = frozenset({ConditionType.CHANGE_PCT, ConditionType.CHANGE_ABS})


async def customers_in(session: AsyncSession, workspace_id: UUID, scope: Scope) -> Sequence[UUID]:
    """The living customers that a scope means: all of them, or those of a team, a user or a segment, or one."""
    statement = select(Customer.id).where(Customer.workspace_id == workspace_id, Customer.deleted_at.is_(None))
    if scope.id is not None:
        statement = statement.where(_narrowed(workspace_id, scope.type, UUID(scope.id)))
    return (await session.scalars(statement.order_by(Customer.id))).all()


def _narrowed(workspace_id: UUID, kind: ScopeType, scope_id: UUID) -> Any:
    match kind:
        case ScopeType.CUSTOMER:
            return Customer.id == scope_id
        case ScopeType.REP:
            return Customer.owner_id == scope_id
        case ScopeType.TEAM:
            mates = select(UserAccount.id).where(
                UserAccount.workspace_id == workspace_id, UserAccount.team_id == scope_id
            )
            return Customer.owner_id.in_(mates)
        case _:
            members = select(SegmentMembership.customer_id).where(
                SegmentMembership.workspace_id == workspace_id, SegmentMembership.segment_id == scope_id
            )
            return Customer.id.in_(members)


async def present_figures(
    session: AsyncSession, company: Company, customers: Collection[UUID], metrics: Iterable[str], now: datetime
) -> dict[UUID, dict[str, Value]]:
    """By customer and metric: a number, a class, or None where it is unknown. Deleted customers are left out.

    A metric that is no field any more is left out too.
    """
    known = {field.name for field in standard_catalogue()}
    names = tuple(sorted(known.intersection(metrics)))
    if not names:
        return {}
    rows = await session.execute(select_records(company.id, customers, names, company.view(now)))
    records = (as_record(row, names) for row in rows)
    return {customer_id: {name: _value(record.get(name)) for name in names} for customer_id, record in records}


def _value(found: object) -> Value:
    """Numbers as decimals, yes and no as the words of JSON; anything else that is no text cannot be watched."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | Decimal):
        return Decimal(found)
    return found if isinstance(found, str) else None


async def period_values(session: AsyncSession, company: Company, rule: AlertRule, now: datetime) -> tuple[Value, Value]:
    """The figure of the period so far, and the one it is compared with if the rule compares periods.

    Rule K4: a percentage of something that was not positive does not exist.
    """
    today = company.today(now)
    customers = await customers_in(session, company.id, rule.scope)
    value = await _figure(session, company, rule.metric, customers, period_to_date(rule.period, today))
    if rule.condition.type not in _CHANGES:
        return value, None
    span = compared_span(rule.period, today, rule.condition.compare)
    other = await _figure(session, company, rule.metric, customers, span)
    percentage = rule.condition.type is ConditionType.CHANGE_PCT
    return value, None if percentage and (other is None or other <= 0) else other


_STATEMENT_TYPES: Final = (bindparam("customers", type_=ARRAY(PgUuid)),)


async def _figure(
    session: AsyncSession, company: Company, metric: str, customers: Collection[UUID], span: Span
) -> Decimal | None:
    statement = text(load_sql("services.scheduler", "sql/period_figures")).bindparams(*_STATEMENT_TYPES)
    row = (await session.execute(statement, _parameters(company, customers, span))).mappings().one()
    read = _METRICS.get(metric)
    return None if read is None else read(dict(row))


def _parameters(company: Company, customers: Collection[UUID], span: Span) -> dict[str, Any]:
    active_after: date = add_months(span.last, -ACTIVE_MONTHS)
    return {
        "workspace_id": company.id,
        "customers": list(customers),
        "zone": company.zone.key,
        "currency": company.currency,
        "minor_units": minor_units(company.currency),
        "first_day": span.first,
        "last_day": span.last,
        "active_after": active_after,
    }


def _average_order_value(row: Mapping[str, Any]) -> Decimal | None:
    """Rule K3: undefined without an order."""
    return Decimal(row["revenue"]) / row["orders"] if row["orders"] else None


_METRICS: Final = {
    "kpi.revenue": lambda row: Decimal(row["revenue"]),
    "kpi.orders": lambda row: Decimal(row["orders"]),
    "kpi.active_clients": lambda row: Decimal(row["active_clients"]),
    "kpi.average_order_value": _average_order_value,
}
