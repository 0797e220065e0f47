"""Read contacts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func

from services.api import records
from services.api.contacts.schemas import ContactListParameters
from services.api.pagination import Column, Sort
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Contact

NAMES = ("id", "customer_id", "external_id", "name", "role", "decision_maker", "email", "phone", "language", "version",
         "created_at", "updated_at")  # fmt: skip
SORTABLE: dict[str, Column] = {"name": Contact.name, "created_at": Contact.created_at}


def as_contact(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


def seen_contacts(work: Work) -> ColumnElement[bool]:
    return visible_facts(work.principal, Contact.customer_id)


async def contact_by_id(work: Work, contact_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_contact(await records.find(work, Contact, contact_id, seen_contacts(work)))


async def contacts_by(work: Work, wanted: ContactListParameters) -> dict[str, Any]:
    conditions = records.matching(Contact, wanted, "customer_id", "external_id", "decision_maker")
    if wanted.email is not None:
        conditions.append(func.lower(Contact.email) == wanted.email.lower())
    sort = Sort.parse(wanted.sort, SORTABLE, id=Contact.id, default="name")
    return await records.listed(work, Contact, wanted, sort, as_contact, seen_contacts(work), *conditions)
