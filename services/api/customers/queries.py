"""Read customers: one by its id, or pages of them by filters."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from services.api.customers.schemas import CustomerListParameters
from services.api.pagination import Column, Sort, page
from services.api.visibility import visible_customers
from services.api.work import Work
from shared.errors import NotFound
from shared.models import Customer, SegmentMembership

ADDRESS = {"line1": "address_line1", "line2": "address_line2", "postal_code": "postal_code", "city": "city",
           "region": "region", "country": "country"}  # fmt: skip
PLAIN = (
    "id", "external_id", "kind", "name", "lifecycle", "email", "phone", "owner_id", "secondary_owner_ids", "tags",
    "preferred_channel", "language", "timezone", "acquisition_channel", "potential_annual_revenue", "lead_fit", "siren",
    "siret", "vat_number", "sector", "employees", "annual_revenue", "competitors", "birth_date", "sex", "csp",
    "family_situation", "income_bracket", "interests", "custom_fields", "created_at", "updated_at", "version",
)  # fmt: skip
COLUMNS = [getattr(Customer, name) for name in (*PLAIN, *ADDRESS.values())]
SORTABLE: dict[str, Column] = {
    "created_at": Customer.created_at,
    "updated_at": Customer.updated_at,
    "name": Customer.name,
    "city": func.coalesce(Customer.city, ""),
}
EQUAL = ("kind", "lifecycle", "owner_id", "city", "country", "sector", "external_id")


def as_customer(row: Any) -> dict[str, Any]:
    """The answer's shape from a row that has `PLAIN` and the address columns by name (mapping or record)."""
    view = {name: row[name] for name in PLAIN}
    view["address"] = {name: row[column] for name, column in ADDRESS.items()}
    for name in ("potential_annual_revenue", "annual_revenue"):
        view[name] = None if view[name] is None else f"{view[name]:.2f}"
    return view


def living(work: Work) -> Select[Any]:
    """The caller's visible customers, not deleted."""
    return select(*COLUMNS).where(
        Customer.workspace_id == work.workspace_id, Customer.deleted_at.is_(None), visible_customers(work.principal)
    )


async def customer_by_id(work: Work, customer_id: UUID) -> dict[str, Any]:
    """Raises NotFound, also for a deleted customer."""
    row = (await work.session.execute(living(work).where(Customer.id == customer_id))).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
    return as_customer(row)


async def customers_by(work: Work, wanted: CustomerListParameters) -> dict[str, Any]:
    sort = Sort.parse(wanted.sort, SORTABLE, id=Customer.id, default="created_at")
    statement = living(work).where(*_filters(work, wanted))
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=_from_row)


def _from_row(row: Row[Any]) -> dict[str, Any]:
    return as_customer(row._mapping)  # noqa: SLF001  The documented way to read a row by name.


def _filters(work: Work, wanted: CustomerListParameters) -> list[ColumnElement[bool]]:
    given = {name: value for name in EQUAL if (value := getattr(wanted, name)) is not None}
    conditions = [getattr(Customer, name) == value for name, value in given.items()]
    if wanted.tag is not None:
        conditions.append(Customer.tags.contains([wanted.tag]))
    if wanted.email is not None:
        conditions.append(func.lower(Customer.email) == wanted.email.lower())
    if wanted.created_after is not None:
        conditions.append(Customer.created_at > wanted.created_after)
    if wanted.created_before is not None:
        conditions.append(Customer.created_at < wanted.created_before)
    if wanted.segment_id is not None:
        conditions.append(_in_segment(work, wanted.segment_id))
    return conditions + _search(wanted.q)


def _search(q: str | None) -> list[ColumnElement[bool]]:
    """Every word must occur somewhere in name, e-mail, phone or numbers; case and accents do not matter."""
    if q is None:
        return []
    words = [digits] if (digits := _typed_number(q)) else q.split()
    return [Customer.search_text.like(func.concat("%", func.fold(_literal(word)), "%"), escape="\\") for word in words]


def _literal(word: str) -> str:
    """A word whose `%` and `_` mean themselves."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _typed_number(q: str) -> str | None:
    """The digits that a stored number has in common with the way people type it: `06 39 98` is kept as +33639 98."""
    if not set(q) <= set("0123456789 .-/()+") or sum(character.isdigit() for character in q) < 4:
        return None
    return "".join(character for character in q if character.isdigit()).lstrip("0") or None


def _in_segment(work: Work, segment_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        SegmentMembership.workspace_id == work.workspace_id,
        SegmentMembership.segment_id == segment_id,
        SegmentMembership.customer_id == Customer.id,
    )
