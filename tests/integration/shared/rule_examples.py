"""Customers and rules drawn at random, with a taste for what goes wrong: nothing, empty, accents, bounds, leap days."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.fields import Field
from shared.domain.rules.operators import ARITY, FIELD_TO_FIELD
from shared.models import Customer, CustomerMetrics, CustomerScores

NOW = datetime(2024, 2, 29, 22, 30, tzinfo=UTC)
TODAY = date(2024, 2, 29)
CATALOGUE = standard_catalogue()
FIELDS = tuple(CATALOGUE)
CUSTOM_NAMES = ("custom_fields.tier", "custom_fields.surface", "custom_fields.renewal", "custom_fields.odd.name")

TEXTS = ("Éléonore", "eleonore", "CŒUR", "coeur sacré", "Lyon", "lyon 3e", "A", "a", "l’été", "l'ete", "50%", "a_b")
NUMBERS = (Decimal(0), Decimal(1), Decimal(-1), Decimal("49.99"), Decimal(50), Decimal("100.5"), Decimal(1000))
DAYS = tuple(TODAY + timedelta(days=n) for n in (-800, -366, -365, -31, -30, -29, -1, 0, 1, 29, 30, 31, 366))
DURATIONS = ("P1D", "P30D", "P1M", "P1Y", "P2Y", "P3Y")
BIRTHDAYS = ("--02-29", "--03-01", "1980-02-29", "2024-02-29", "2023-03-01", "--02-28", "1999-12-31", "--01-01")
JSON_VALUES: tuple[Any, ...] = (
    None, "", [], {}, "gold", "Gôld", 5, 5.0, 49.99, True, False, "5", "2024-02-29", "2024-02-30", "2024-03-15",
    ["gold", 5], ["GOLD"], [[]], [None], ["2024-02-29"],
)  # fmt: skip


def some_customer(random: Random, workspace_id: UUID, customer_id: UUID) -> Customer:
    """Every column filled, empty or absent by chance."""
    pick = random.choice
    custom = {name.removeprefix("custom_fields."): pick(JSON_VALUES) for name in CUSTOM_NAMES if random.random() < 0.8}
    texts = ("lifecycle", "email", "phone", "address_line1", "postal_code", "city", "region", "country", "csp", "sex",
             "preferred_channel", "language", "timezone", "acquisition_channel", "siren", "sector")  # fmt: skip
    return Customer(
        workspace_id=workspace_id,
        id=customer_id,
        kind=pick(("company", "person")),
        name=pick(TEXTS),
        **{name: _maybe(random, (*TEXTS, "")) for name in texts},
        external_id=f"{pick(TEXTS)} {customer_id}" if random.random() < 0.7 else None,
        tags=random.sample(TEXTS, random.randrange(3)),
        competitors=random.sample(TEXTS, random.randrange(2)),
        interests=random.sample(TEXTS, random.randrange(3)),
        secondary_owner_ids=[UUID(int=random.randrange(3)) for _ in range(random.randrange(3))],
        potential_annual_revenue=_maybe(random, NUMBERS),
        lead_fit=random.randrange(60),
        employees=_maybe(random, (0, 1, 50, 1000)),
        annual_revenue=_maybe(random, NUMBERS),
        birth_date=_maybe(random, BIRTHDAYS),
        custom_fields=custom,
        created_at=pick(_instants()),
        deleted_at=NOW if random.random() < 0.05 else None,
    )


def some_metrics(random: Random, workspace_id: UUID, customer_id: UUID) -> CustomerMetrics:
    pick = random.choice
    return CustomerMetrics(
        workspace_id=workspace_id, customer_id=customer_id, as_of=TODAY, computed_at=NOW, tie_break=str(customer_id),
        status=pick(("prospect", "active", "dormant", "lost")), first_purchase=_maybe(random, DAYS),
        last_purchase=_maybe(random, DAYS), orders=random.randrange(4), revenue=pick(NUMBERS),
        margin=_maybe(random, NUMBERS), cost_to_serve=pick(NUMBERS), nps_score=_maybe(random, (0, 6, 9)),
        nps_class=_maybe(random, ("promoter", "detractor")), csat_last=_maybe(random, (1, 5)),
        delivered=pick((0, 3)), opened=pick((0, 1)), clicked=pick((0, 1)), social=pick((0, 1)),
        churn_signals=_maybe(random, ([], ["overdue"], ["activity_drop", "overdue"])),
        churn_level=_maybe(random, ("low", "high")), lead_score=pick(NUMBERS[:5]), qualified=pick((True, False)),
        previous=pick(({}, {"status": "active"}, {"status": None, "churn_risk.level": "low"})),
    )  # fmt: skip


def some_scores(random: Random, workspace_id: UUID, customer_id: UUID) -> CustomerScores:
    pick, abc = random.choice, ("A", "B", "C")
    quintiles = {name: pick((1, 3, 5)) for name in ("rfm_r", "rfm_f", "rfm_m", "ntile_r", "ntile_f", "ntile_m")}
    return CustomerScores(
        workspace_id=workspace_id, customer_id=customer_id, computed_at=NOW, rank=_maybe(random, (1, 50)),
        pareto=_maybe(random, ("big", "small")), abc_revenue=_maybe(random, abc), abc_margin=_maybe(random, abc),
        rfm_segment=_maybe(random, ("champions", "at_risk")), high_potential=_maybe(random, (True, False)),
        high_potential_reasons=_maybe(random, ([], ["margin"])), costly=_maybe(random, (True, False)),
        previous=pick(({}, {"abc_revenue": "A"}, {"pareto": "small", "rfm.segment": "at_risk"})), **quintiles,
    )  # fmt: skip


def _maybe(random: Random, values: tuple[Any, ...]) -> Any:
    return random.choice(values) if random.random() < 0.75 else None


def _instants() -> list[datetime]:
    """Around midnight in Paris too, where the local day is another than in UTC."""
    days = [datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC) for day in DAYS for hour in (10, 22, 23)]
    return [*days, NOW, NOW - timedelta(hours=36), NOW - timedelta(hours=36, seconds=1)]


def some_query(random: Random, segments: list[UUID], depth: int = 0) -> dict[str, Any]:
    """A react-querybuilder query of one to three members, groups included."""
    members = [
        some_query(random, segments, depth + 1) if depth < 2 and random.random() < 0.25 else some_rule(random, segments)
        for _ in range(random.randrange(1, 4))
    ]
    return {"combinator": random.choice(("and", "or", "xor")), "not": random.random() < 0.3, "rules": members}


def some_rule(random: Random, segments: list[UUID]) -> dict[str, Any]:
    if random.random() < 0.2:
        return _custom_rule(random)
    field = random.choice(FIELDS)
    operator = random.choice(field.operators)
    if operator in FIELD_TO_FIELD and random.random() < 0.2 and (other := _comparable(random, field)):
        return {"field": field.name, "operator": operator, "value": other.name, "valueSource": "field"}
    return {"field": field.name, "operator": operator, "value": _value(random, field, operator, segments)}


def _custom_rule(random: Random) -> dict[str, Any]:
    name = random.choice(CUSTOM_NAMES)
    kind: Any = random.choice(("text", "number", "boolean", "date"))
    operators = {"text": ("=", "!=", "contains", "beginsWith", "in", "notIn", "null", "notNull"),
                 "number": ("=", "<", ">=", "between", "null"), "boolean": ("=", "!="),
                 "date": ("inLast", "inNext", "anniversaryInNext", "olderThan", "notInLast")}[kind]  # fmt: skip
    operator = random.choice(operators)
    value = _value(random, Field(name, "", "", kind), operator, [], ("gold", "Gôld", "g", "5", "2024-02-29"))
    return {"field": name, "operator": operator, "value": value}


def _comparable(random: Random, field: Field) -> Field | None:
    text, number, time = {"text", "enum", "uuid"}, {"number", "money"}, {"date", "instant"}
    kinds = next((kinds for kinds in (text, number, time) if field.type in kinds), {field.type})
    return random.choice([other for other in FIELDS if other.type in kinds])


def _value(random: Random, field: Field, operator: str, segments: list[UUID], texts: tuple[str, ...] = TEXTS) -> Any:
    arity = ARITY[operator]
    if arity == "none":
        return None
    if arity == "duration":
        return random.choice((*DURATIONS, "PT36H") if field.type == "instant" and operator[0] != "a" else DURATIONS)
    if arity == "segments":
        return [str(segment) for segment in random.sample(segments, random.randrange(1, 3))]
    if arity == "one":
        return _one(random, field, texts)
    if arity == "two":
        low, high = sorted(random.choice(_ordered_values(field)) for _ in range(2))
        return [_as_json(low), _as_json(high)]
    return [_one(random, field, texts) for _ in range(random.randrange(1, 4))]


def _one(random: Random, field: Field, texts: tuple[str, ...]) -> Any:
    if field.values:
        return random.choice(field.values)
    if field.type == "uuid":
        return str(UUID(int=random.randrange(3)))
    if field.type == "boolean":
        return random.choice((True, False))
    return _as_json(random.choice(texts if field.type in {"text", "list", "enum"} else _ordered_values(field)))


def _ordered_values(field: Field) -> tuple[Any, ...]:
    if field.type in {"number", "money"}:
        return NUMBERS
    if field.type == "instant" and field.name == "created_at":
        return tuple(_instants())
    return DAYS


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat()))
