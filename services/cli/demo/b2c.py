"""A delicatessen's private customers: about four hundred invented French people whose stories fill every class."""

from datetime import date
from zoneinfo import ZoneInfo

from services.cli.demo.contracts import sign_contracts
from services.cli.demo.conversations import record_conversations
from services.cli.demo.mailings import mail_newsletters
from services.cli.demo.opinions import record_complaints, record_surveys
from services.cli.demo.people import MANAGER, REPS, TEAM, invent_people
from services.cli.demo.portfolio import Portfolio, Row
from services.cli.demo.purchases import catalogue, record_purchases
from services.cli.demo.scene import Scene

SEED = 20260101


def portfolio(today: date, *, timezone: str = "Europe/Paris", currency: str = "EUR", seed: int = SEED) -> Portfolio:
    """All rows as of `today`. Deterministic: the same arguments give the same rows."""
    scene = Scene(today, ZoneInfo(timezone), currency, seed)
    people = invent_people(scene)
    consents, mails = mail_newsletters(people, scene)
    return Portfolio(
        teams=[{"name": TEAM, "manager_email": MANAGER[1]}],
        users=[_user(*MANAGER, "manager"), *(_user(name, email, "rep") for name, email in REPS)],
        products=catalogue(scene),
        customers=[person.row for person in people],
        consents=consents,
        contracts=sign_contracts(people, scene),
        transactions=record_purchases(people, scene),
        interactions=[*mails, *record_conversations(people, scene)],
        complaints=record_complaints(people, scene),
        surveys=record_surveys(people, scene),
    )


def _user(name: str, email: str, role: str) -> Row:
    return {"email": email, "name": name, "role": role, "team_name": TEAM, "language": "fr"}
