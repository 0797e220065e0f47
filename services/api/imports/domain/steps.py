"""What only the whole row can tell: names put together, kinds that follow from other fields, numbers that must agree.

A step reads and completes the values and returns what is wrong, field by field. It must bear missing values: a field
that could not be read is missing, too.
"""

import json
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, Final

from services.api.imports.domain.columns import NAMES_OF_CUSTOMERS
from services.api.imports.domain.context import RowContext
from services.api.imports.domain.entities import CUSTOM_FIELDS
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.rows import Unusable

Values = dict[str, Any]
Wrongs = list[tuple[str, Unusable]]
Step = Callable[[Values], Wrongs]

RIGHT: Final[Wrongs] = []

OF_COMPANIES: Final = ("siren", "siret", "vat_number", "company_name")
OF_PERSONS: Final = ("birth_date", "sex", "csp", "family_situation", "first_name")

_FRENCH_POSTAL_CODE: Final = 5


def steps_for(entity: Entity, provided: AbstractSet[str], context: RowContext) -> tuple[Step, ...]:
    """Those that the file's fields call for, in order."""
    if entity == "customers":
        return _customer_steps(provided, context)
    if entity == "transactions":
        return (_check_sign,) if "kind" in provided else (_tell_kind_by_sign, _check_sign)
    if entity == "opportunities":
        return (_name_opportunity,)
    return ()


def _customer_steps(provided: AbstractSet[str], context: RowContext) -> tuple[Step, ...]:
    steps: list[Step] = []
    if not provided.isdisjoint({*NAMES_OF_CUSTOMERS} - {"name"}):
        steps.append(_put_name_together)
    if "kind" not in provided:
        steps.append(_tell_kind_by_fields)
    if {"siren", "siret"} <= provided:
        steps.append(_check_establishment)
    if "postal_code" in provided:
        steps.append(_complete_postal_code(context.country))
    if any(name.startswith(f"{CUSTOM_FIELDS}.") for name in provided):
        steps.append(_gather_custom_fields)
    return tuple(steps)


def _put_name_together(values: Values) -> Wrongs:
    """The company's name where there is one, then a whole name, then first name and last name."""
    person = " ".join(part for part in (values.get("first_name"), values.get("last_name")) if part)
    values["name"] = values.get("company_name") or values["name"] or person or None
    return RIGHT


def _tell_kind_by_fields(values: Values) -> Wrongs:
    """Left open without evidence: the merge keeps the kind of a customer it knows, and creates companies."""
    if any(values.get(name) for name in OF_COMPANIES):
        values["kind"] = "company"
    elif any(values.get(name) for name in OF_PERSONS):
        values["kind"] = "person"
    return RIGHT


def _check_establishment(values: Values) -> Wrongs:
    siren, siret = values["siren"], values["siret"]
    if siren and siret and not siret.startswith(siren):
        return [("siret", Unusable("bad_siret.other_company"))]
    return RIGHT


def _complete_postal_code(default_country: str) -> Step:
    """French codes have five digits; spreadsheets eat the zero of the first nine departments."""

    def step(values: Values) -> Wrongs:
        code = values["postal_code"]
        is_french = (values["country"] or default_country) == "FR"
        if is_french and code and len(code) == _FRENCH_POSTAL_CODE - 1 and code.isdigit():
            values["postal_code"] = code.zfill(_FRENCH_POSTAL_CODE)
        return RIGHT

    return step


def _gather_custom_fields(values: Values) -> Wrongs:
    """As JSON text, keys sorted: the same row gives the same text."""
    prefix = f"{CUSTOM_FIELDS}."
    fields = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    values[CUSTOM_FIELDS] = json.dumps(fields, ensure_ascii=False, sort_keys=True) if fields else None
    return RIGHT


def _tell_kind_by_sign(values: Values) -> Wrongs:
    amount: Decimal | None = values["amount"]
    values["kind"] = "refund" if amount is not None and amount < 0 else "sale"
    return RIGHT


def _check_sign(values: Values) -> Wrongs:
    """A sale and its cost are not negative, a refund and its cost not positive (I3)."""
    if values["kind"] is None:
        return RIGHT
    side = 1 if values["kind"] == "sale" else -1
    return [(name, Unusable("bad_sign")) for name in ("amount", "cost") if (values[name] or 0) * side < 0]


def _name_opportunity(values: Values) -> Wrongs:
    """Pipelines often have no titles: product and customer say what it is about."""
    about = " – ".join(part for part in (values["product_name"], values["customer_external_id"]) if part)
    values["name"] = values["name"] or about or values["external_id"]
    return RIGHT
