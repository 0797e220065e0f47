"""What private customers told us: complaints (V2) and answers to the two satisfaction questions (N1 to N3)."""

from random import Random

from services.cli.demo.people import Person
from services.cli.demo.portfolio import Row
from services.cli.demo.scene import Scene

COMPLAINTS = (
    ("Livraison en retard", "medium"),
    ("Bouteille cassée à l'arrivée", "high"),
    ("Erreur sur la facture", "low"),
    ("Produit différent de la commande", "medium"),
    ("Conseiller injoignable", "low"),
)
COMMENTS = {
    "promoter": "Accueil parfait, je recommande.",
    "passive": "Bien, mais un peu cher.",
    "detractor": "Livraison décevante.",
}


def record_complaints(people: list[Person], scene: Scene) -> list[Row]:
    """One buyer in ten complained once; one in thirty, at least twice in the last ninety days."""
    chance = scene.chance("complaints")
    rows: list[Row] = []
    for number, person in enumerate(_buyers(people)):
        if number % 30 == 0:
            ages = sorted(chance.sample(range(3, 85), chance.randint(2, 3)), reverse=True)
        elif number % 10 == 5:
            ages = [chance.randint(3, 400)]
        else:
            continue
        rows += [_complaint(person, position, age, scene, chance) for position, age in enumerate(ages, start=1)]
    return rows


def record_surveys(people: list[Person], scene: Scene) -> list[Row]:
    """Two buyers in five answered the one question, one in three the other; some a second time, some too long ago."""
    chance = scene.chance("surveys")
    rows: list[Row] = []
    for person in _buyers(people):
        if chance.random() < 0.4:
            rows += _answers(person, "nps", scene, chance)
        if chance.random() < 0.33:
            rows += _answers(person, "csat", scene, chance)
    return rows


def _buyers(people: list[Person]) -> list[Person]:
    return [person for person in people if person.purchase_ages]


def _complaint(person: Person, position: int, age: int, scene: Scene, chance: Random) -> Row:
    subject, severity = chance.choice(COMPLAINTS)
    resolved = age > 20
    return {
        "external_id": f"{person.external_id}-p{position}",
        "customer_external_id": person.external_id,
        "subject": subject,
        "body": f"{subject} : le client demande un geste.",
        "severity": severity,
        "status": "resolved" if resolved else chance.choice(("open", "in_progress")),
        "occurred_at": scene.moment(age, chance),
        "resolved_at": scene.moment(age - chance.randint(1, 15), chance) if resolved else None,
        "owner_email": person.row["owner_email"],
    }


def _answers(person: Person, kind: str, scene: Scene, chance: Random) -> list[Row]:
    ages = [chance.randint(5, 420) for _ in range(chance.choice((1, 1, 1, 2)))]
    return [
        {
            "external_id": f"{person.external_id}-{kind}{position}",
            "customer_external_id": person.external_id,
            "kind": kind,
            **(_nps(person.archetype, chance) if kind == "nps" else {"score": chance.choice((1, 2, 3, 4, 4, 5, 5))}),
            "answered_at": scene.moment(age, chance),
        }
        for position, age in enumerate(sorted(ages, reverse=True), start=1)
    ]


def _nps(archetype: str, chance: Random) -> Row:
    happy = archetype in {"champion", "loyal", "new"}
    opinion = chance.choices(("promoter", "passive", "detractor"), (60, 28, 12) if happy else (25, 30, 45))[0]
    scores = {"promoter": (9, 10), "passive": (7, 8), "detractor": (0, 6)}
    return {"score": chance.randint(*scores[opinion]), "comment": COMMENTS[opinion] if chance.random() < 0.5 else None}
