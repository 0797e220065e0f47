"""The fields of each entity: how a cell becomes a value, in the order of the staging table's columns."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from operator import itemgetter
from typing import Final, get_args
from zoneinfo import available_timezones

from services.api.imports.domain import choices
from services.api.imports.domain.context import RowContext
from services.api.imports.domain.countries import country
from services.api.imports.domain.dates import birth_date, day
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.instants import instant
from services.api.imports.domain.numbers import amount, integer, positive_amount
from services.api.imports.domain.rows import Cell, Unusable
from services.api.imports.domain.texts import Convert, as_text, checked, labels, line, paragraphs
from shared.domain import limits
from shared.domain.company_numbers import normalise_siren, normalise_siret, normalise_vat_number
from shared.domain.contact import normalise_email

Make = Callable[[RowContext], Convert]

ENTITIES: Final[tuple[Entity, ...]] = get_args(Entity)
CUSTOM_FIELDS: Final = "custom_fields"
LEAD_FIT: Final = 1_000
"""The points that a customer may have for fitting the ideal, in either direction."""


def _always(convert: Convert) -> Make:
    return lambda _: convert


def _phone(context: RowContext) -> Convert:
    return checked(lambda text: context.to_e164(text, context.country), "bad_phone", limit=limits.PHONE)


def _digits(normalise: Callable[[str], str | None], why: str, length: int) -> Make:
    """Company numbers: a workbook that keeps them as numbers loses their leading zeros."""
    convert_text = checked(normalise, why)

    def convert(cell: Cell) -> object:
        return convert_text(cell if isinstance(cell, str) else as_text(cell).zfill(length))

    return _always(convert)


@cache
def _known_timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(cell: Cell) -> str | None:
    name = as_text(cell)
    if name and name not in _known_timezones():
        raise Unusable("bad_value.timezone")
    return name or None


def _duration(cell: Cell) -> object:
    """Whole seconds, h:mm:ss or m:ss."""
    if isinstance(cell, timedelta):
        return int(cell.total_seconds())
    text = as_text(cell)
    if ":" not in text:
        return _seconds(text)
    parts = text.split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise Unusable("bad_value.duration")
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total


_seconds: Final = integer(0, limits.INTEGER)
_name: Final = _always(line(limits.NAME))
_reference: Final = _always(line(limits.EXTERNAL_ID))
_label: Final = _always(line(limits.LABEL))
_email: Final = _always(checked(normalise_email, "bad_email"))
_list: Final = _always(labels)

FIELDS: Final[dict[Entity, dict[str, Make]]] = {
    "customers": {
        "external_id": _reference,
        "kind": _always(choices.choice(choices.CUSTOMER_KINDS, "bad_kind")),
        "name": _name,
        "lifecycle": _always(choices.choice(choices.LIFECYCLES)),
        "email": _email,
        "phone": _phone,
        "phone_raw": _always(line(limits.TEXT)),
        "address_line1": _name,
        "address_line2": _name,
        "postal_code": _label,
        "city": _name,
        "region": _name,
        "country": _always(country),
        "owner_email": _email,
        "tags": _list,
        "preferred_channel": _always(choices.choice(choices.CHANNELS)),
        "language": _always(choices.language),
        "timezone": _always(_timezone),
        "acquisition_channel": _label,
        "potential_annual_revenue": positive_amount,
        "lead_fit": _always(integer(-LEAD_FIT, LEAD_FIT)),
        "siren": _digits(normalise_siren, "bad_siren", 9),
        "siret": _digits(normalise_siret, "bad_siret", 14),
        "vat_number": _always(checked(normalise_vat_number, "bad_vat_number")),
        "sector": _label,
        "employees": _always(integer(0, limits.INTEGER)),
        "annual_revenue": amount,
        "competitors": _list,
        "birth_date": birth_date,
        "sex": _always(choices.choice(choices.SEXES)),
        "csp": _label,
        "family_situation": _label,
        "income_bracket": _label,
        "interests": _list,
        CUSTOM_FIELDS: _always(paragraphs()),
        "created_at": instant,
    },
    "transactions": {
        "external_id": _reference,
        "customer_external_id": _reference,
        "order_id": _reference,
        "kind": _always(choices.choice(choices.TRANSACTION_KINDS, "bad_kind")),
        "occurred_at": instant,
        "amount": amount,
        "currency": _always(choices.currency),
        "cost": amount,
    },
    "interactions": {
        "external_id": _reference,
        "customer_external_id": _reference,
        "kind": _always(choices.choice(choices.INTERACTION_KINDS, "bad_kind")),
        "direction": _always(choices.choice(choices.DIRECTIONS)),
        "occurred_at": instant,
        "duration_seconds": _always(_duration),
        "subject": _always(line(limits.SUBJECT)),
        "body": _always(paragraphs()),
        "message_id": _always(line(limits.MESSAGE_ID)),
        "cost": positive_amount,
    },
    "opportunities": {
        "external_id": _reference,
        "customer_external_id": _reference,
        "name": _name,
        "stage": _always(choices.choice(choices.STAGES)),
        "amount": positive_amount,
        "currency": _always(choices.currency),
        "probability_pct": _always(integer(0, 100)),
        "owner_email": _email,
        "product_name": _name,
        "engaged_on": day,
        "expected_close_on": day,
        "closed_on": day,
    },
}

PARTS: Final[dict[Entity, dict[str, Make]]] = {
    "customers": {"company_name": _name, "first_name": _label, "last_name": _name},
    "transactions": {},
    "interactions": {},
    "opportunities": {},
}
"""Fields that a file may have and a table has not: they are put together into others."""

COMPANIONS: Final = {"phone": "phone_raw"}
"""A field whose cell also feeds a second one."""

REQUIRED: Final[dict[Entity, tuple[str, ...]]] = {
    "customers": (),
    "transactions": ("external_id", "customer_external_id", "occurred_at", "amount"),
    "interactions": ("external_id", "customer_external_id", "occurred_at", "kind"),
    "opportunities": ("external_id",),
}
"""What every row must have, and so the file; customers and opportunities have rules of their own in `columns`."""

DEFAULTS: Final[dict[Entity, dict[str, object]]] = {
    "customers": {},
    "transactions": {},
    "interactions": {},
    "opportunities": {"stage": "prospecting"},
}
"""Values of required fields when the file has no column for them. A transaction's kind follows from its sign."""

# The order of checks of rule I7; what it does not name comes behind, in the order of the columns.
CHECK_ORDER: Final = ("external_id", "customer_external_id", "occurred_at", "amount", "kind", "cost")

API_NAMES: Final = {
    "address.line1": "address_line1", "address.line2": "address_line2", "address.postal_code": "postal_code",
    "address.city": "city", "address.region": "region", "address.country": "country",
}  # fmt: skip
"""The API's names of fields that are flat here; a mapping may use either."""

COLUMNS: Final[dict[Entity, tuple[str, ...]]] = {entity: ("line_number", *fields) for entity, fields in FIELDS.items()}
"""The columns of a candidate, in order."""

PICK: Final[dict[Entity, Callable[[dict[str, object]], tuple[object, ...]]]] = {
    entity: itemgetter(*columns) for entity, columns in COLUMNS.items()
}


def maker(entity: Entity, field: str) -> Make:
    """How to make the converter of a field or of a part of one."""
    return FIELDS[entity].get(field) or PARTS[entity][field]


def is_field(entity: Entity, field: str) -> bool:
    """May a column or a constant feed this field?"""
    fed = field not in COMPANIONS.values() and field != CUSTOM_FIELDS
    return fed and (field in FIELDS[entity] or field in PARTS[entity])
