"""Segments, a sequence, reminders and alerts that the demonstration data sets in motion: JSON as the API takes it."""

from collections.abc import Mapping
from importlib.resources import files

from services.cli.demo.portfolio import Row

NEW_CLIENTS = "Nouveaux clients"
TO_FOLLOW_UP = "Clients à relancer"
BIG_CLIENTS = "Gros clients A"
HOT_PROSPECTS = "Prospects chauds"
LOYAL_BUT_UNHAPPY = "Fidèles mécontents"

WELCOME = "Bienvenue"
NEWS = "Relance : des nouvelles de la cave"
INVITATION = "Relance : invitation à l'atelier"


def segments() -> list[Row]:
    return [
        {
            "name": NEW_CLIENTS,
            "description": "Premier achat il y a moins de 30 jours.",
            "rule": _all_of(("scores.first_purchase", "inLast", "P30D")),
        },
        {
            "name": TO_FOLLOW_UP,
            "description": "Particuliers actifs qui n'ont rien acheté depuis plus de 90 jours.",
            "rule": _all_of(
                ("kind", "=", "person"), ("scores.status", "=", "active"), ("scores.recency_days", ">", 90)
            ),
        },
        {
            "name": BIG_CLIENTS,
            "description": "Le premier cinquième du portefeuille, en classe A du chiffre d'affaires.",
            "rule": _all_of(("scores.pareto", "=", "big"), ("scores.abc_revenue", "=", "A")),
        },
        {
            "name": HOT_PROSPECTS,
            "description": "Prospects qualifiés : à appeler aujourd'hui.",
            "rule": _all_of(("scores.status", "=", "prospect"), ("scores.qualified", "=", True)),
        },
        {
            "name": LOYAL_BUT_UNHAPPY,
            "description": "Bons clients qui notent mal ou se plaignent.",
            "rule": {
                "combinator": "and",
                "rules": [
                    _rule("scores.rfm.segment", "in", ["champions", "loyal_customers", "cant_lose_them"]),
                    {
                        "combinator": "or",
                        "rules": [
                            _rule("scores.nps_class", "=", "detractor"),
                            _rule("scores.churn_risk.signals", "contains", "repeated_complaints"),
                        ],
                    },
                ],
            },
        },
    ]


def templates() -> list[Row]:
    return [
        _template(WELCOME, "bienvenue", "Bienvenue, {{ customer.name }}"),
        _template(NEWS, "nouvelles", "Des nouvelles de la cave"),
        _template(INVITATION, "invitation", "{{ customer.name }}, une place vous attend samedi"),
    ]


def sequences(segment_ids: Mapping[str, str], template_ids: Mapping[str, str]) -> list[Row]:
    """Refers to the segments and templates above, whose ids are given by name."""
    return [_welcome(segment_ids, template_ids), _follow_up(segment_ids, template_ids)]


def _welcome(segment_ids: Mapping[str, str], template_ids: Mapping[str, str]) -> Row:
    return {
        "name": "Accueil des nouveaux clients",
        "trigger": {"type": "segment_entered", "segment_id": segment_ids[NEW_CLIENTS]},
        "reentry": {"mode": "never"},
        "exit_on": ["customer.unsubscribed"],
        "steps": [
            {"id": "welcome", "type": "email", "template_id": template_ids[WELCOME]},
            {"id": "pause", "type": "wait", "for": "P7D"},
            _call("call", "Prendre des nouvelles de {{ customer.name }}"),
        ],
    }


def _follow_up(segment_ids: Mapping[str, str], template_ids: Mapping[str, str]) -> Row:
    return {
        "name": "Relance des clients silencieux",
        "trigger": {"type": "segment_entered", "segment_id": segment_ids[TO_FOLLOW_UP]},
        "reentry": {"mode": "after_exit", "min_gap": "P90D"},
        "exit_on": ["message.replied", "transaction.recorded", "customer.unsubscribed"],
        "send_window": {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "from": "09:00",
            "to": "18:00",
            "timezone": "customer",
            "holidays": "FR",
        },
        "daily_cap": 100,
        "steps": [
            {"id": "news", "type": "email", "template_id": template_ids[NEWS]},
            {"id": "pause", "type": "wait", "for": "P5D"},
            {
                "id": "opened",
                "type": "branch",
                "if": _all_of(("step.news.opened", "=", True)),
                "then": [_call("call", "Appeler {{ customer.name }}, qui a lu notre message")],
                "else": [{"id": "invite", "type": "email", "template_id": template_ids[INVITATION]}],
            },
        ],
    }


def _call(step_id: str, title: str) -> Row:
    return {"id": step_id, "type": "task", "title": title, "assignee": "owner", "due": "P2D"}


def reminder_rules() -> list[Row]:
    """What happens is a task for the customer's owner."""
    return [
        {
            "name": "Anniversaires",
            "kind": "birthday",
            "actions": [
                {"type": "task", "assignee": "owner", "title": "Souhaiter un bon anniversaire à {{ customer.name }}"}
            ],
        },
        {
            "name": "Échéances de contrats",
            "kind": "contract_expiry",
            "days_before": [90, 30, 7, 0],
            "actions": [
                {"type": "task", "assignee": "owner", "title": "Préparer le renouvellement avec {{ customer.name }}"}
            ],
        },
    ]


def alert_rules() -> list[Row]:
    return [
        {
            "name": "Client en risque de départ",
            "metric": "scores.churn_risk.level",
            "scope": {"type": "customer"},
            "condition": {"type": "class_changed", "to": "high"},
            "severity": "high",
            "cooldown": "P7D",
            "channels": ["in_app"],
        },
        {
            "name": "Client très mécontent",
            "metric": "scores.nps_score",
            "scope": {"type": "customer"},
            "condition": {"type": "below", "below": 3},
            "clear": {"above": 6},
            "severity": "high",
            "cooldown": "P7D",
            "channels": ["in_app"],
        },
        {
            "name": "Plus de 300 clients actifs",
            "metric": "kpi.active_clients",
            "scope": {"type": "workspace"},
            "period": "month",
            "condition": {"type": "above", "above": 300},
            "polarity": "positive",
            "severity": "low",
            "cooldown": "P7D",
            "channels": ["in_app"],
        },
        {
            "name": "Chiffre d'affaires du mois sous l'an dernier",
            "metric": "kpi.revenue",
            "scope": {"type": "workspace"},
            "period": "month",
            "condition": {"type": "change_pct", "compare": "same_last_year", "below": -20},
            "clear": {"above": -10},
            "severity": "high",
            "cooldown": "P7D",
            "channels": ["in_app", "email"],
        },
    ]


def _rule(field: str, operator: str, value: object) -> Row:
    return {"field": field, "operator": operator, "value": value}


def _all_of(*rules: tuple[str, str, object]) -> Row:
    return {"combinator": "and", "rules": [_rule(*rule) for rule in rules]}


def _template(name: str, file: str, subject: str) -> Row:
    texts = files(__package__) / "data/templates"
    return {
        "name": name,
        "channel": "email",
        "language": "fr",
        "subject": subject,
        "body_text": (texts / f"{file}.txt.j2").read_text(encoding="utf-8"),
        "body_html": (texts / f"{file}.html.j2").read_text(encoding="utf-8"),
    }
