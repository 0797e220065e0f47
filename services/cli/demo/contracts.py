"""Subscriptions and service contracts, placed so that every expiry reminder has something to say today."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from services.cli.demo.people import Person
from services.cli.demo.portfolio import Row
from services.cli.demo.scene import Scene

KINDS = (
    ("Abonnement cave", "subscription", Decimal("348.00")),
    ("Entretien de la cave à vin", "maintenance", Decimal("120.00")),
    ("Panier mensuel", "subscription", Decimal("540.00")),
)
# Days from today: three contracts on each day of the reminders, some that ended, and many that end later.
REMINDED = (0, 7, 30, 90) * 3
ENDED = (-45, -30, -20, -5)
LATER = 40
SUBSCRIBERS = frozenset({"champion", "loyal", "at_risk"})


def sign_contracts(people: list[Person], scene: Scene) -> list[Row]:
    """One contract at most for a person."""
    chance = scene.chance("contracts")
    ends = [*REMINDED, *ENDED, *(chance.randint(91, 364) for _ in range(LATER))]
    subscribers = [person for person in people if person.archetype in SUBSCRIBERS]
    return [
        _contract(person, scene.today + timedelta(days=days), scene, chance)
        for person, days in zip(chance.sample(subscribers, len(ends)), ends, strict=True)
    ]


def _contract(person: Person, ends_on: date, scene: Scene, chance: Random) -> Row:
    name, contract_type, amount = chance.choice(KINDS)
    return {
        "external_id": f"{person.external_id}-contrat",
        "customer_external_id": person.external_id,
        "name": name,
        "contract_type": contract_type,
        "status": "active" if ends_on >= scene.today else "expired",
        "starts_on": max(ends_on - timedelta(days=364), person.row["created_at"].date()),
        "ends_on": ends_on,
        "amount": amount,
        "currency": scene.currency,
        "auto_renew": chance.random() < 0.25,
    }
