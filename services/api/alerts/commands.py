"""Define alert rules, and take note of alerts."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from services.api.alerts.queries import LIVING, alert_by_id, as_rule, in_sight
from services.api.alerts.schemas import AlertChange, AlertRuleChange, NewAlertRule
from services.api.definitions_given import check_segment, read_definition
from services.api.door import Answer, created
from services.api.locking import lock_customer
from services.api.records import add, change, find, lock
from services.api.work import Work
from shared.domain.automation.alert_rule import parse_alert_rule
from shared.domain.automation.metrics import KNOWN_METRICS
from shared.errors import Conflict, InvalidInput
from shared.events.automation import AlertAcknowledged, AlertRuleDefined
from shared.models import Alert, AlertRule
from shared.outbox.append import append

Document = dict[str, Any]
_parse: Final = partial(parse_alert_rule, known_metrics=KNOWN_METRICS)


async def create_alert_rule(work: Work, new: NewAlertRule) -> Answer:
    """Adds a rule; it is evaluated at once."""
    document = new.model_dump(exclude={"active"}, exclude_none=True)
    await _check(work, document)
    head = {"name": new.name, "metric": new.metric, "active": new.active}
    row = await add(work, AlertRule, {**head, "definition": document})
    await _tell(work, row["id"])
    return created(as_rule(row), "/v1/alert-rules")


async def change_alert_rule(work: Work, rule_id: UUID, given: AlertRuleChange, version: int | None) -> Document:
    current = await lock(work, AlertRule, rule_id, LIVING, version=version)
    sent = given.model_dump(include=given.model_fields_set)
    active = sent.pop("active", current["active"])
    if active is None:
        raise InvalidInput.at("#/active", "required", "This field cannot be emptied.")
    merged = {**current["definition"], **sent}
    document = {name: value for name, value in merged.items() if value is not None}
    if (document, active) == (current["definition"], current["active"]):
        return as_rule(current)
    await _check(work, document)
    head = {"name": document["name"], "metric": document["metric"], "active": active}
    row = await change(work, AlertRule, rule_id, {**head, "definition": document})
    await _tell(work, rule_id)
    return as_rule(row)


async def delete_alert_rule(work: Work, rule_id: UUID, version: int | None) -> None:
    """Its alerts stay."""
    await lock(work, AlertRule, rule_id, LIVING, version=version)
    await change(work, AlertRule, rule_id, {"deleted_at": work.now})
    await _tell(work, rule_id)


async def acknowledge_alert(work: Work, alert_id: UUID, given: AlertChange, version: int | None) -> Document:
    """Somebody took note; a second time changes nothing. Raises Conflict for an alert that is over."""
    found = await find(work, Alert, alert_id, in_sight(work))
    customer_id = found["customer_id"]
    if customer_id is not None:
        await lock_customer(work, customer_id, deleted=True)
    current = await lock(work, Alert, alert_id, version=version)
    if current["state"] == "cleared":
        raise Conflict("The alert is over.", code="not_acknowledgeable")
    if current["state"] != given.state:
        values = {"acknowledged_at": work.now, "acknowledged_by": work.principal.user_id}
        await change(work, Alert, alert_id, {"state": given.state, **values})
        event = AlertAcknowledged(customer_id, alert_id)
        await append(work.session, work.workspace_id, [event], now=work.now)
    return await alert_by_id(work, alert_id)


async def _check(work: Work, document: Document) -> None:
    """Raises InvalidInput for what the scheduler could not watch."""
    rule = read_definition(_parse, document)
    if rule.scope.type.value == "segment":
        await check_segment(work, rule.scope.id, "#/scope/id")


async def _tell(work: Work, rule_id: UUID) -> None:
    await append(work.session, work.workspace_id, [AlertRuleDefined(rule_id)], now=work.now)
