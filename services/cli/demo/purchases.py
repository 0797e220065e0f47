"""What private customers bought and brought back: amounts without tax, refunds attached to their order or not (§4)."""

from datetime import datetime
from decimal import Decimal
from random import Random

from services.cli.demo.archetypes import ARCHETYPES
from services.cli.demo.people import Person
from services.cli.demo.portfolio import Row
from services.cli.demo.scene import Scene

CATALOGUE = (
    ("fr-coffret", "Coffret découverte", "Vins", Decimal("49.00")),
    ("fr-caisse", "Caisse de six bouteilles", "Vins", Decimal("84.00")),
    ("fr-atelier", "Atelier dégustation", "Services", Decimal("65.00")),
    ("fr-huile", "Huile d'olive", "Épicerie", Decimal("18.50")),
    ("fr-panier", "Panier gourmand", "Épicerie", Decimal("95.00")),
    ("fr-chocolats", "Ballotin de chocolats", "Épicerie", Decimal("24.90")),
    ("fr-fromages", "Plateau de fromages", "Épicerie", Decimal("32.00")),
)
PRICES = {external_id: price for external_id, _, _, price in CATALOGUE}
CENT = Decimal("0.01")
ITEMS = {archetype.name: archetype.items for archetype in ARCHETYPES}

# Share of the price that the goods cost; None: the till did not record it, so the margin stays unknown (T6).
COST_SHARES = (Decimal("0.42"), Decimal("0.55"), Decimal("0.65"), Decimal("0.78"), None)
GOODWILL = Decimal("-15.00")


def catalogue(scene: Scene) -> list[Row]:
    return [
        {
            "external_id": external_id,
            "name": name,
            "category": category,
            "unit_price": price,
            "currency": scene.currency,
        }
        for external_id, name, category, price in CATALOGUE
    ]


def record_purchases(people: list[Person], scene: Scene) -> list[Row]:
    chance = scene.chance("purchases")
    return [row for person in people for row in _history(person, scene, chance)]


def _history(person: Person, scene: Scene, chance: Random) -> list[Row]:
    cost_share = chance.choice(COST_SHARES)
    rows: list[Row] = []
    for number, age in enumerate(person.purchase_ages, start=1):
        sale = _sale(person, number, scene.moment(age, chance), cost_share, chance) | {"currency": scene.currency}
        rows.append(sale)
        # Nobody brings back a last purchase in full: it would no longer be one, and the person another story (T3).
        if age > 10 and chance.random() < 0.08:
            rows.append(_refund(sale, age, scene, chance, in_full=number < len(person.purchase_ages)))
    if person.archetype == "loyal" and chance.random() < 0.1:
        rows.append(_goodwill(person, scene, chance))
    return rows


def _sale(person: Person, number: int, occurred_at: datetime, cost_share: Decimal | None, chance: Random) -> Row:
    order_id = f"{person.external_id}-{number:02}"
    lines = _lines(person.archetype, chance)
    amount = sum((line["quantity"] * line["unit_price"] for line in lines), Decimal(0))
    return {
        "external_id": order_id,
        "customer_external_id": person.external_id,
        "order_id": order_id,
        "kind": "sale",
        "occurred_at": occurred_at,
        "amount": amount,
        "cost": None if cost_share is None else (amount * cost_share).quantize(CENT),
        "lines": lines,
    }


def _lines(archetype: str, chance: Random) -> list[Row]:
    basket = chance.choices(list(PRICES), k=chance.randint(*ITEMS[archetype]))
    return [
        {"product_external_id": product, "quantity": basket.count(product), "unit_price": PRICES[product]}
        for product in sorted(set(basket))
    ]


def _refund(sale: Row, age: int, scene: Scene, chance: Random, *, in_full: bool) -> Row:
    """Of the whole order, goods restocked; or a gesture of a tenth of it, goods kept."""
    whole = in_full and chance.random() < 0.4
    return {
        **{key: sale[key] for key in ("customer_external_id", "order_id", "currency")},
        "external_id": f"{sale['external_id']}-r",
        "kind": "refund",
        "occurred_at": scene.moment(age - chance.randint(2, 10), chance),
        "amount": -sale["amount"] if whole else -(sale["amount"] / 10).quantize(CENT),
        "cost": -sale["cost"] if whole and sale["cost"] is not None else None,
        "lines": [],
    }


def _goodwill(person: Person, scene: Scene, chance: Random) -> Row:
    """Money given back without an order: it lowers revenue and touches no order (T5)."""
    return {
        "external_id": f"{person.external_id}-geste",
        "customer_external_id": person.external_id,
        "order_id": None,
        "kind": "refund",
        "occurred_at": scene.moment(chance.randint(1, 60), chance),
        "amount": GOODWILL,
        "currency": scene.currency,
        "cost": None,
        "lines": [],
    }
