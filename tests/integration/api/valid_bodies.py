"""One body for every operation that writes JSON, and which must therefore be accepted as it stands.

`<users>` and the like stand for the id of a record, `<n>` for a number and `<day>` for a day of one's own.
"""

import json
import re
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
Ids = dict[str, str]

DORMANT = {"combinator": "and", "rules": [{"field": "scores.status", "operator": "=", "value": "dormant"}]}
CALL = {"id": "call", "type": "task", "title": "Appeler {{ customer.name }}", "assignee": "owner"}
REMIND = {"type": "task", "assignee": "owner", "title": "Appeler {{ customer.name }}"}
NOON = "2026-03-15T12:00:00+01:00"
LATER = "2026-04-01T12:00:00+02:00"
OF_CUSTOMER = {"customer_id": "<customers>", "external_id": "X-<n>"}

CUSTOMER = {
    "kind": "company", "name": "Durand SARL", "external_id": "C-<n>", "email": "camille.durand@example.com",
    "address": {"city": "Nantes", "country": "FR"}, "owner_id": "<users>", "secondary_owner_ids": ["<users>"],
    "tags": ["salon"], "lead_fit": 10, "employees": 12, "potential_annual_revenue": "1200.50",
    "custom_fields": {"size": {"shoe": 41}},
}  # fmt: skip
INTERACTION = OF_CUSTOMER | {"kind": "call", "occurred_at": NOON, "metadata": {"from": "+33639980123"}}
LINE = {"product_id": "<products>", "quantity": 2, "unit_price": "10"}
TRANSACTION = OF_CUSTOMER | {"kind": "sale", "amount": "20", "occurred_at": NOON, "lines": [LINE]}
SURVEY_RESPONSE = OF_CUSTOMER | {"kind": "nps", "score": 9, "answered_at": NOON}
EXCHANGE_RATE = {"date": "<day>", "currency": "USD", "rate": "0.92"}
CONTRACT = {"name": "Maintenance", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "amount": "900"}
OPPORTUNITY = {"name": "Renouvellement", "amount": "12000", "probability_pct": 40, "owner_id": "<users>"}
ALERT_RULE = {
    "name": "Watch <n>", "metric": "scores.churn_risk.level", "scope": {"type": "customer"},
    "condition": {"type": "class_changed", "to": "high"},
}  # fmt: skip

VALID: dict[str, Json] = {
    "create_customer": CUSTOMER,
    "update_customer": {"sector": "Sector <n>"},
    "upsert_customers": {"items": [CUSTOMER]},
    "record_interaction": INTERACTION,
    "record_interactions": {"items": [INTERACTION]},
    "record_transaction": TRANSACTION,
    "record_transactions": {"items": [TRANSACTION]},
    "record_survey_response": SURVEY_RESPONSE,
    "record_survey_responses": {"items": [SURVEY_RESPONSE]},
    "record_exchange_rate": EXCHANGE_RATE,
    "record_exchange_rates": {"items": [EXCHANGE_RATE]},
    "create_contact": OF_CUSTOMER | {"name": "Inès Moreau", "decision_maker": True},
    "update_contact": {"role": "Role <n>"},
    "create_opportunity": OF_CUSTOMER | OPPORTUNITY,
    "update_opportunity": {"name": "Opportunity <n>"},
    "create_contract": OF_CUSTOMER | CONTRACT,
    "update_contract": {"name": "Contract <n>"},
    "create_complaint": OF_CUSTOMER | {"subject": "Retard", "occurred_at": NOON},
    "update_complaint": {"subject": "Complaint <n>"},
    "create_task": OF_CUSTOMER | {"title": "Rappeler", "due_on": "2026-04-01"},
    "update_task": {"title": "Task <n>"},
    "record_consent": {"customer_id": "<customers>", "channel": "email", "status": "granted"},
    "create_product": {"name": "Product <n>", "external_id": "P-<n>", "unit_price": "9.90"},
    "update_product": {"name": "Article <n>"},
    "create_tag": {"name": "Tag <n>", "color": "#1f6feb", "position": 3},
    "update_tag": {"description": "Tag <n>"},
    "create_user": {"email": "alix<n>@example.com", "name": "Alix", "role": "rep"},
    "update_user": {"name": "Alix <n>"},
    "create_team": {"name": "Team <n>", "manager_id": "<users>"},
    "update_team": {"name": "Équipe <n>"},
    "create_api_key": {"name": "Key <n>", "role": "manager", "scopes": ["customers:read"]},
    "create_inbound_endpoint": {"provider": "brevo", "name": "Brevo <n>"},
    "update_inbound_endpoint": {"name": "Endpoint <n>"},
    "create_segment": {"name": "Segment <n>", "rule": DORMANT},
    "update_segment": {"name": "Segment renamed <n>"},
    "preview_segment": {"rule": DORMANT},
    "create_template": {"name": "Template <n>", "subject": "Bonjour", "body_text": "Bonjour"},
    "update_template": {"name": "Template renamed <n>"},
    "preview_template": {"customer_id": "<customers>"},
    "update_notification": {"read": True},
    "create_sequence": {"name": "Sequence <n>", "trigger": {"type": "manual"}, "steps": [CALL]},
    "update_sequence": {"name": "Sequence renamed <n>"},
    "request_enrollment": {"customer_id": "<customers>"},
    "create_reminder_rule": {"name": "Rule <n>", "kind": "birthday", "actions": [REMIND]},
    "update_reminder_rule": {"name": "Rule renamed <n>"},
    "create_alert_rule": ALERT_RULE,
    "update_alert_rule": {"name": "Watch renamed <n>"},
    "update_alert": {"state": "acknowledged"},
    "update_workspace": {"settings": {"dormant_days": 120}},
    "set_test_clock": {"now": LATER},
    "advance_test_clock": {"to": LATER},
}

ROW_OF = {
    "upsert_customers": "create_customer",
    "record_interactions": "record_interaction",
    "record_transactions": "record_transaction",
    "record_survey_responses": "record_survey_response",
    "record_exchange_rates": "record_exchange_rate",
}
"""The operation whose body a row of a batch is."""


def valid_body(operation: str, ids: Ids, n: int) -> Json:
    """`ids` are those of `one_portfolio`, by the resource's name in paths."""
    own = {"n": str(n), "day": str(date(2025, 1, 1) + timedelta(days=n % 300))}
    text = re.sub(r"<([\w-]+)>", lambda match: (ids | own)[match[1]], json.dumps(VALID[operation]))
    body: Json = json.loads(text)
    return body
