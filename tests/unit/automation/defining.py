"""Builders for sequence definitions: the example of the documentation, and short ones."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.progress import Facts
from shared.domain.automation.documents import InvalidDefinition
from shared.domain.automation.sequence import Sequence, parse_sequence
from shared.domain.automation.steps import step_fields
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.fields import FieldCatalogue
from shared.domain.rules.parse import parse_rule

PARIS = ZoneInfo("Europe/Paris")
SEGMENT, HELLO_A, HELLO_B, AGAIN = (str(UUID(int=number)) for number in range(1, 5))
EVENTS = frozenset(
    {
        "customer.unsubscribed", "enrollment.ended", "enrollment.started", "message.clicked", "message.replied",
        "message.sent", "segment.left", "task.changed", "transaction.recorded",
    }
)  # fmt: skip
OPENED = {"combinator": "and", "rules": [{"field": "step.hello.opened", "operator": "=", "value": True}]}
HAS_ORDERED = {"combinator": "and", "rules": [{"field": "scores.orders", "operator": ">=", "value": 1}]}


def email(step_id: str, template_id: str = HELLO_A) -> dict[str, Any]:
    return {"id": step_id, "type": "email", "template_id": template_id}


def wait(step_id: str, duration: str = "P3D") -> dict[str, Any]:
    return {"id": step_id, "type": "wait", "for": duration}


def task(step_id: str) -> dict[str, Any]:
    return {"id": step_id, "type": "task", "title": "Appeler {{customer.name}}", "assignee": "owner", "due": "P1D"}


def branch(step_id: str, then: list[Any], otherwise: list[Any], condition: object = OPENED) -> dict[str, Any]:
    return {"id": step_id, "type": "branch", "if": condition, "then": then, "else": otherwise}


def quote_follow_up() -> dict[str, Any]:
    """The example of the documentation."""
    return {
        "name": "Relance devis",
        "trigger": {"type": "segment_entered", "segment_id": SEGMENT},
        "reentry": {"mode": "after_exit", "min_gap": "P90D"},
        "exit_on": ["message.replied", "transaction.recorded", "segment.left", "customer.unsubscribed"],
        "goal": HAS_ORDERED,
        "send_window": {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "from": "09:00",
            "to": "18:00",
            "timezone": "customer",
            "holidays": "FR",
        },
        "daily_cap": 500,
        "steps": [
            {
                "id": "hello",
                "type": "email",
                "variants": [{"template_id": HELLO_A, "weight": 50}, {"template_id": HELLO_B, "weight": 50}],
            },
            wait("pause"),
            branch("opened", [task("call")], [email("again", AGAIN)]),
        ],
    }


def with_steps(*steps: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    return {"name": "Essai", "trigger": {"type": "manual"}, "steps": list(steps)} | others


def read(document: object) -> Sequence:
    def read_rule(rule: object, emails: tuple[str, ...]) -> object:
        return parse_rule(rule, FieldCatalogue((*standard_catalogue(), *step_fields(emails))))

    return parse_sequence(document, known_events=EVENTS, read_rule=read_rule)


def faults_in(document: object) -> list[tuple[str, str]]:
    """Pointer and code of everything wrong with it; nothing when it is a sequence."""
    try:
        read(document)
    except InvalidDefinition as error:
        return [(fault.pointer, fault.code) for fault in error.faults]
    return []


def facts(*events: str, holds: bool = False, zone: ZoneInfo = PARIS) -> Facts:
    """Every rule holds or none does, except where a test judges them itself."""
    return Facts(lambda _rule: holds, zone, frozenset(events))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)
