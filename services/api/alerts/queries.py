"""Read alert rules and alerts."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from services.api.alerts.schemas import AlertListParameters, AlertRuleListParameters
from services.api.pagination import Column, Sort, by_name, page
from services.api.records import find, listed, matching
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.errors import NotFound
from shared.models import Alert, AlertRule

HEAD: Final = ("id", "name", "metric", "active", "version", "created_at", "updated_at")
MEMBERS: Final = ("scope", "period", "condition", "clear", "polarity", "severity", "cooldown", "channels")
LIVING: Final = AlertRule.deleted_at.is_(None)
ALERT: Final[list[Column]] = [
    *(
        getattr(Alert, name)
        for name in (
            "id", "rule_id", "rule_version", "scope_key", "customer_id", "state", "severity", "polarity", "value",
            "reason", "raised_at", "acknowledged_at", "acknowledged_by", "cleared_at", "version",
        )
    ),
    AlertRule.name.label("rule_name"),
]  # fmt: skip


def as_rule(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in HEAD} | {name: row["definition"].get(name) for name in MEMBERS}


async def rule_by_id(work: Work, rule_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_rule(await find(work, AlertRule, rule_id, LIVING))


async def rules_by(work: Work, wanted: AlertRuleListParameters) -> dict[str, Any]:
    conditions = matching(AlertRule, wanted, "metric", "active")
    sort = Sort(AlertRule.created_at, AlertRule.id)
    return await listed(work, AlertRule, wanted, sort, as_rule, LIVING, *conditions)


def in_sight(work: Work) -> ColumnElement[bool]:
    """Those about a customer follow its visibility; those about the whole are not for a rep."""
    of_customer = visible_facts(work.principal, Alert.customer_id)
    return of_customer if work.principal.role == "rep" else or_(Alert.customer_id.is_(None), of_customer)


async def alert_by_id(work: Work, alert_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = (await work.session.execute(_alerts(work).where(Alert.id == alert_id))).one_or_none()
    if row is None:
        raise NotFound(f"Alert {alert_id} does not exist.")
    return by_name(row)


async def alerts_by(work: Work, wanted: AlertListParameters) -> dict[str, Any]:
    names = ("state", "severity", "polarity", "rule_id", "customer_id")
    statement = _alerts(work).where(*matching(Alert, wanted, *names))
    sort = Sort(Alert.raised_at, Alert.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)


def _alerts(work: Work) -> Select[Any]:
    of_rule = and_(AlertRule.workspace_id == Alert.workspace_id, AlertRule.id == Alert.rule_id)
    return select(*ALERT).join(AlertRule, of_rule).where(Alert.workspace_id == work.workspace_id, in_sight(work))
