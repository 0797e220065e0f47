"""Calls, meetings, visits and signs of interest: what customers cost to serve (Y1) and how warm a lead is (L1)."""

from datetime import datetime
from decimal import Decimal
from random import Random

from services.cli.demo.people import Person
from services.cli.demo.portfolio import Row
from services.cli.demo.scene import Scene

COSTS = {"call": Decimal("6.00"), "meeting": Decimal("35.00"), "visit": Decimal("80.00")}
SUBJECTS = {
    "call": "Point téléphonique",
    "meeting": "Rendez-vous en boutique",
    "visit": "Visite à domicile",
    "event": "Soirée dégustation",
    "download": "Guide des accords",
    "form": "Demande de devis",
    "web_visit": "Page des coffrets",
    "social": "Commentaire sur notre page",
    "sms": "Rappel de livraison",
    "note": "Préfère être appelé le matin",
}

# Kind and age in days. The sums with the half-life of thirty days lie above 50 for the hot ones, below for the others.
LEADS = {
    "hot_prospect": (("web_visit", 12), ("download", 9), ("form", 5), ("meeting", 2), ("call", 1)),
    "warm_prospect": (("web_visit", 40), ("download", 35), ("event", 30), ("web_visit", 20)),
    "cold_prospect": (("web_visit", 120),),
}


def record_conversations(people: list[Person], scene: Scene) -> list[Row]:
    chance = scene.chance("conversations")
    rows: list[Row] = []
    for number, person in enumerate(people):
        for position, (kind, age) in enumerate(_story(person, number, chance), start=1):
            rows.append(_interaction(person, position, kind, scene.moment(age, chance), chance))
    return rows


def _story(person: Person, number: int, chance: Random) -> list[tuple[str, int]]:
    if person.archetype in LEADS:
        return list(LEADS[person.archetype])
    if person.archetype == "occasional" and number % 5 == 0:
        # These are visited again and again and buy little: the costly ones.
        return [("visit", age) for age in sorted(chance.sample(range(5, 330), 8), reverse=True)]
    kinds = chance.choices(list(SUBJECTS), k=chance.randint(0, 4))
    return [(kind, age) for age, kind in sorted(((chance.randint(1, 300), kind) for kind in kinds), reverse=True)]


def _interaction(person: Person, position: int, kind: str, occurred_at: datetime, chance: Random) -> Row:
    return {
        "external_id": f"{person.external_id}-i{position:02}",
        "customer_external_id": person.external_id,
        "kind": kind,
        "direction": "outbound" if kind in {"call", "visit", "sms"} else "inbound",
        "occurred_at": occurred_at,
        "duration_seconds": chance.randint(120, 2400) if kind in COSTS else None,
        "subject": SUBJECTS[kind],
        "cost": COSTS.get(kind),
    }
