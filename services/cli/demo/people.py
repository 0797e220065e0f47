"""Invented French private customers. Names come from Faker; addresses and numbers reach nobody.

E-mail domains are those reserved for documentation; telephone numbers lie in the ranges that the French regulator
(Arcep) sets aside for works of fiction.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from faker import Faker

from services.cli.demo.archetypes import ARCHETYPES, Archetype
from services.cli.demo.portfolio import Row
from services.cli.demo.scene import Scene

TEAM = "Particuliers"
MANAGER = ("Nadia Berger", "nadia.berger@example.com")
REPS = (
    ("Claire Fontaine", "claire.fontaine@example.com"),
    ("Hugo Lambert", "hugo.lambert@example.com"),
    ("Inès Moreau", "ines.moreau@example.com"),
)

DOMAINS = ("example.fr", "example.com", "example.org")
FICTION_NUMBERS = ("19900", "26191", "35301", "46571", "53649", "63998")

# Nomenclature of professions (PCS 2020) of INSEE, first level: 1 to 6 are at work, 7 retired, 8 others.
CSP = {
    "1": "Agriculteurs exploitants",
    "2": "Artisans, commerçants et chefs d'entreprise",
    "3": "Cadres et professions intellectuelles supérieures",
    "4": "Professions intermédiaires",
    "5": "Employés",
    "6": "Ouvriers",
    "7": "Retraités",
    "8": "Autres personnes sans activité professionnelle",
}
FAMILY_SITUATIONS = ("single", "married", "civil_union", "divorced", "widowed")
INCOME_BRACKETS = ("0-20000", "20000-35000", "35000-50000", "50000-80000", "80000+")
INTERESTS = ("vin", "fromage", "chocolat", "cuisine", "voyage", "bio", "œnologie", "cadeaux")
CHANNELS = ("boutique", "site", "salon", "parrainage", "réseaux sociaux")
LEAD_FIT = {"hot_prospect": (12, 25), "warm_prospect": (5, 12), "cold_prospect": (0, 5)}


@dataclass(frozen=True, slots=True)
class Person:
    """A customer row with what its story needs: its archetype and the ages, in days, of its purchases."""

    row: Row
    archetype: str
    purchase_ages: tuple[int, ...]

    @property
    def external_id(self) -> str:
        return str(self.row["external_id"])


def invent_people(scene: Scene) -> list[Person]:
    """About four hundred, in an order that mixes the archetypes."""
    fake = Faker("fr_FR")
    fake.seed_instance(scene.seed)
    chance = scene.chance("people")
    cast = [archetype for archetype in ARCHETYPES for _ in range(archetype.people)]
    chance.shuffle(cast)
    return [_person(number, archetype, scene, fake, chance) for number, archetype in enumerate(cast, start=1)]


def _person(number: int, archetype: Archetype, scene: Scene, fake: Faker, chance: Random) -> Person:
    ages = archetype.purchase_ages(chance)
    contact_age = ages[0] + chance.randint(0, 30) if ages else chance.randint(40, 200)
    row = {
        "external_id": f"fr-{number:04}",
        "kind": "person",
        **_identity(number, fake, chance),
        **_situation(archetype.name, chance),
        "birth_date": _birth_date(number, scene.today, chance),
        "owner_email": REPS[number % len(REPS)][1],
        "language": "fr",
        "timezone": "Europe/Paris",
        "created_at": scene.moment(contact_age, chance),
    }
    return Person(row, archetype.name, ages)


def _identity(number: int, fake: Faker, chance: Random) -> Row:
    sex = chance.choice(("female", "male"))
    first = fake.first_name_female() if sex == "female" else fake.first_name_male()
    name = f"{first} {fake.last_name()}"
    return {
        "name": name,
        "sex": sex,
        "email": _email(name, number, chance) if chance.random() < 0.95 else None,
        # The last four digits tell people apart, so that a call is never ascribed to two of them.
        "phone": f"+33{chance.choice(FICTION_NUMBERS)}{number + 450 * chance.randint(0, 20):04}",
        "address": {
            "line1": fake.street_address(),
            "postal_code": fake.postcode(),
            "city": fake.city(),
            "country": "FR",
        },
    }


def _email(name: str, number: int, chance: Random) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else "." for letter in plain)
    return f"{words}{number}@{chance.choice(DOMAINS)}"


def _situation(archetype: str, chance: Random) -> Row:
    return {
        "csp": chance.choice(list(CSP.values())),
        "family_situation": chance.choice(FAMILY_SITUATIONS),
        "income_bracket": chance.choice(INCOME_BRACKETS),
        "interests": sorted(chance.sample(INTERESTS, chance.randint(0, 3))),
        "tags": sorted(chance.sample(("carte-fidelite", "salon", "cadeaux-entreprise"), chance.randint(0, 2))),
        "preferred_channel": chance.choice(("email", "email", "phone", "sms")),
        "acquisition_channel": chance.choice(CHANNELS),
        # One in three buyers told us what they spend a year on such goods, elsewhere included.
        "potential_annual_revenue": chance.randint(10, 60) * 100 if chance.random() < 0.33 else None,
        "lead_fit": chance.randint(*LEAD_FIT.get(archetype, (0, 0))),
    }


def _birth_date(number: int, today: date, chance: Random) -> str | None:
    """The first ones are picked to be seen: today, tomorrow, 29 February, a birthday without its year."""
    year = today.year - chance.randint(25, 80)
    if number <= 6:
        birthday = today if number <= 3 else today + timedelta(days=1)
        return f"{_leap(year) if (birthday.month, birthday.day) == (2, 29) else year}-{birthday:%m-%d}"
    if number <= 9:
        return f"{_leap(year)}-02-29"
    some_day = date(2001, 1, 1) + timedelta(days=chance.randrange(365))
    if number <= 20:
        return f"--{some_day:%m-%d}"
    return f"{year}-{some_day:%m-%d}" if chance.random() < 0.7 else None


def _leap(year: int) -> int:
    """A leap year close by; 1900 is out of reach."""
    return year - year % 4
