"""The newsletter: who agreed to it, what was sent, and what became of it (engagement, definitions E1)."""

from datetime import datetime, timedelta
from random import Random

from services.cli.demo.people import Person
from services.cli.demo.portfolio import Row
from services.cli.demo.scene import Scene

# Every other week; the first six lie inside the ninety days of the engagement window.
ISSUE_AGES = (4, 18, 32, 46, 60, 74, 102, 130)
SILENT, READER, CLICKER, BOUNCING, LEAVING = "silent", "reader", "clicker", "bouncing", "leaving"
OPENS = {SILENT: 0.0, READER: 0.5, CLICKER: 0.85, BOUNCING: 0.0, LEAVING: 0.3}


def mail_newsletters(people: list[Person], scene: Scene) -> tuple[list[Row], list[Row]]:
    """The statements of consent, and the interactions that the newsletter left behind."""
    chance = scene.chance("mailings")
    consents: list[Row] = []
    interactions: list[Row] = []
    for person in people:
        if person.row["email"] is None or chance.random() > 0.85:
            continue
        habit = _habit(person, chance)
        granted_at = person.row["created_at"]
        consents.append(_consent(person, "granted", granted_at))
        for row in _mails(person, habit, granted_at, scene, chance):
            interactions.append(row)
            if row["kind"] == "unsubscribe":
                consents.append(_consent(person, "withdrawn", row["occurred_at"]))
    return consents, interactions


def _habit(person: Person, chance: Random) -> str:
    weights = (50, 30, 5, 8, 7) if person.archetype in {"at_risk", "hibernating"} else (15, 45, 32, 4, 4)
    return chance.choices((SILENT, READER, CLICKER, BOUNCING, LEAVING), weights)[0]


def _consent(person: Person, status: str, recorded_at: datetime) -> Row:
    return {
        "customer_external_id": person.external_id,
        "purpose": "marketing",
        "channel": "email",
        "status": status,
        "source": "formulaire de la carte de fidélité" if status == "granted" else "lien de désinscription",
        "text_version": "2024-01",
        "recorded_at": recorded_at,
    }


def _mails(person: Person, habit: str, since: datetime, scene: Scene, chance: Random) -> list[Row]:
    """From the oldest issue on; a hard bounce or a goodbye is the end of it."""
    rows: list[Row] = []
    for age in sorted(ISSUE_AGES, reverse=True):
        sent_at = scene.moment(age, chance)
        if sent_at <= since:
            continue
        issue = _issue(person, habit, sent_at, chance)
        rows += issue
        if issue[-1]["kind"] in {"email_bounced", "unsubscribe"}:
            break
    return rows


def _issue(person: Person, habit: str, sent_at: datetime, chance: Random) -> list[Row]:
    message_id = f"infolettre-{sent_at:%Y%m%d}.{person.external_id}@example.com"

    def happened(kind: str, minutes: int) -> Row:
        return {
            "external_id": f"{message_id}/{kind}",
            "customer_external_id": person.external_id,
            "kind": kind,
            "direction": "outbound" if kind == "email_sent" else "inbound",
            "occurred_at": sent_at + timedelta(minutes=minutes),
            "message_id": message_id,
            "subject": f"La lettre du {sent_at:%d/%m/%Y}",
        }

    rows = [happened("email_sent", 0)]
    if habit == BOUNCING:
        return [*rows, happened("email_bounced", 1)]
    if chance.random() < OPENS[habit]:
        rows.append(happened("email_opened", chance.randint(5, 600)))
        if habit == CLICKER and chance.random() < 0.6:
            rows.append(happened("email_clicked", chance.randint(601, 700)))
        if habit == LEAVING:
            rows.append(happened("unsubscribe", chance.randint(601, 700)))
    return rows
