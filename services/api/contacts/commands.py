"""Keep the people at company customers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.api import records
from services.api.contacts.queries import as_contact, seen_contacts
from services.api.contacts.schemas import ContactChange, NewContact
from services.api.door import Answer, created
from services.api.work import Work
from shared.errors import InvalidInput
from shared.events.customers import ContactChanged
from shared.models import Contact, Customer
from shared.outbox.append import append
from shared.phone_numbers import FRANCE, e164


async def create_contact(work: Work, new: NewContact) -> Answer:
    """Adds a person. Raises InvalidInput for a customer who is no company; a taken `external_id` is a conflict."""
    customer_id = await records.hold_subject(work, new)
    kind, country = await _company(work, customer_id)
    if kind != "company":
        raise InvalidInput.at("#/customer_id", "bad_value", "Only companies have contacts.")
    values = new.model_dump(exclude={"customer_external_id"}) | {"customer_id": customer_id}
    row = await records.add(work, Contact, values | _phone_columns(new.phone, country))
    await _tell(work, row, "created")
    return created(as_contact(row), "/v1/contacts")


async def change_contact(work: Work, contact_id: UUID, change: ContactChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs; nothing differing is no event and no new version."""
    current = await records.lock(work, Contact, contact_id, seen_contacts(work), version=version)
    values = records.differences(Contact, current, change)
    if "phone" in values:
        _, country = await _company(work, current["customer_id"])
        values |= _phone_columns(values["phone"], country)
    if not values or (set(values) <= {"phone", "phone_raw"} and values["phone"] == current["phone"]):
        return as_contact(current)
    row = await records.change(work, Contact, contact_id, values)
    await _tell(work, row, "changed")
    return as_contact(row)


async def delete_contact(work: Work, contact_id: UUID, version: int | None) -> None:
    """Removes a person."""
    row = await records.lock(work, Contact, contact_id, seen_contacts(work), version=version)
    await records.remove(work, Contact, contact_id)
    await _tell(work, row, "deleted")


async def _company(work: Work, customer_id: UUID) -> tuple[str, str]:
    """The customer's kind, and the country in which its numbers are read."""
    statement = select(Customer.kind, Customer.country).where(
        Customer.workspace_id == work.workspace_id, Customer.id == customer_id
    )
    kind, country = (await work.session.execute(statement)).one()
    return kind, country or FRANCE


def _phone_columns(given: str | None, country: str) -> dict[str, str | None]:
    """`phone` in E.164 and `phone_raw` as given. Raises InvalidInput for a number nobody could call."""
    if given is None:
        return {"phone": None, "phone_raw": None}
    number = e164(given, country=country)
    if number is None:
        raise InvalidInput.at("#/phone", "bad_phone", "A phone number, national or with its country code.")
    return {"phone": number, "phone_raw": given}


async def _tell(work: Work, row: Mapping[Any, Any], change: str) -> None:
    event = ContactChanged(row["customer_id"], row["id"], change)
    await append(work.session, work.workspace_id, [event], now=work.now)
