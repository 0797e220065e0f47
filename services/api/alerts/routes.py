"""/v1/alert-rules and /v1/alerts"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.alerts import commands, queries
from services.api.alerts.schemas import (
    Alert,
    AlertChange,
    AlertListParameters,
    AlertRule,
    AlertRuleChange,
    AlertRuleListParameters,
    NewAlertRule,
)
from services.api.dependencies import AnyDoor, ManagerDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page

rules = router("alert-rules", "automation")
routes = router("alerts", "automation")


@rules.get("", response_model=Page[AlertRule])
async def list_alert_rules(door: AnyDoor, wanted: Annotated[AlertRuleListParameters, Query()]) -> Response:
    """Alert rules, oldest first."""
    return await door.read(queries.rules_by, wanted)


@rules.post("", status_code=201, response_model=AlertRule)
async def create_alert_rule(door: ManagerDoor, new: NewAlertRule) -> Response:
    """Define an alert rule."""
    return await door.write(commands.create_alert_rule, new)


@rules.get("/{rule_id}", response_model=AlertRule)
async def get_alert_rule(door: AnyDoor, rule_id: UUID) -> Response:
    """One rule, with its ETag."""
    return await door.read(queries.rule_by_id, rule_id)


@rules.patch("/{rule_id}", response_model=AlertRule)
async def update_alert_rule(door: ManagerDoor, rule_id: UUID, change: AlertRuleChange) -> Response:
    """Change the members that are sent."""
    return await door.write(commands.change_alert_rule, rule_id, change, door.expected_version)


@rules.delete("/{rule_id}", status_code=204)
async def delete_alert_rule(door: ManagerDoor, rule_id: UUID) -> Response:
    """Remove a rule."""
    return await door.write(commands.delete_alert_rule, rule_id, door.expected_version)


@routes.get("", response_model=Page[Alert])
async def list_alerts(door: AnyDoor, wanted: Annotated[AlertListParameters, Query()]) -> Response:
    """Alerts, latest first."""
    return await door.read(queries.alerts_by, wanted)


@routes.get("/{alert_id}", response_model=Alert)
async def get_alert(door: AnyDoor, alert_id: UUID) -> Response:
    """One alert, with its ETag."""
    return await door.read(queries.alert_by_id, alert_id)


@routes.patch("/{alert_id}", response_model=Alert)
async def update_alert(door: RepDoor, alert_id: UUID, change: AlertChange) -> Response:
    """Take note of an alert that is open."""
    return await door.write(commands.acknowledge_alert, alert_id, change, door.expected_version)
