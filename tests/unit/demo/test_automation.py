"""The demonstration's automation is accepted by the very readers that the product uses."""

import json
from uuid import UUID

import pytest
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from services.cli.demo import automation
from services.cli.demo.portfolio import Row
from shared.domain.automation.alert_rule import ScopeType, parse_alert_rule
from shared.domain.automation.metrics import KNOWN_METRICS
from shared.domain.automation.sequence import parse_sequence
from shared.domain.automation.steps import step_fields
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.fields import FieldCatalogue
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.tree import Group
from shared.events.catalogue import CATALOGUE

SEGMENT_IDS = {row["name"]: str(UUID(int=number)) for number, row in enumerate(automation.segments())}
TEMPLATE_IDS = {row["name"]: str(UUID(int=100 + number)) for number, row in enumerate(automation.templates())}


def read_rule(document: object, email_steps: tuple[str, ...]) -> Group:
    return parse_rule(document, FieldCatalogue((*standard_catalogue(), *step_fields(email_steps))))


@pytest.mark.parametrize("segment", automation.segments(), ids=lambda row: row["name"])
def test_a_segment_is_a_rule_over_known_fields(segment: Row) -> None:
    group = parse_rule(segment["rule"], standard_catalogue(open_custom_fields=False))

    assert len(group.rules) == len(segment["rule"]["rules"])
    assert segment["description"]


def test_the_sequence_starts_when_a_client_must_be_followed_up() -> None:
    _, document = automation.sequences(SEGMENT_IDS, TEMPLATE_IDS)

    sequence = parse_sequence(document, known_events=CATALOGUE, read_rule=read_rule)

    assert str(sequence.trigger.segment_id) == SEGMENT_IDS[automation.TO_FOLLOW_UP]
    assert list(sequence.places) == ["news", "pause", "opened", "opened/then/call", "opened/else/invite"]


def test_alerts_watch_each_customer_and_the_workspace() -> None:
    rules = [parse_alert_rule(document, known_metrics=KNOWN_METRICS) for document in automation.alert_rules()]

    assert [rule.scope.type for rule in rules] == [
        ScopeType.CUSTOMER,
        ScopeType.CUSTOMER,
        ScopeType.WORKSPACE,
        ScopeType.WORKSPACE,
    ]


def test_reminders_are_birthdays_and_the_days_before_a_contract_ends() -> None:
    birthday, expiry = automation.reminder_rules()

    assert (birthday["kind"], expiry["kind"]) == ("birthday", "contract_expiry")
    assert expiry["days_before"] == [90, 30, 7, 0]


@pytest.mark.parametrize("template", automation.templates(), ids=lambda row: row["name"])
@pytest.mark.parametrize("part", ["subject", "body_text", "body_html"])
def test_a_template_asks_for_the_customer_only(template: Row, part: str) -> None:
    assert meta.find_undeclared_variables(SandboxedEnvironment().parse(template[part])) <= {"customer"}
    assert template[part].strip() != ""


def test_everything_is_json() -> None:
    documents = [
        *automation.segments(),
        *automation.templates(),
        *automation.sequences(SEGMENT_IDS, TEMPLATE_IDS),
        *automation.reminder_rules(),
        *automation.alert_rules(),
    ]
    assert json.loads(json.dumps(documents)) == documents
