"""/v1/contacts"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.contacts import commands, queries
from services.api.contacts.schemas import Contact, ContactChange, ContactListParameters, NewContact
from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page

routes = router("contacts", "contacts")


@routes.get("", response_model=Page[Contact])
async def list_contacts(door: AnyDoor, wanted: Annotated[ContactListParameters, Query()]) -> Response:
    """Pages of contacts."""
    return await door.read(queries.contacts_by, wanted)


@routes.post("", status_code=201, response_model=Contact)
async def create_contact(door: RepDoor, new: NewContact) -> Response:
    """Add a person at a company customer."""
    return await door.write(commands.create_contact, new)


@routes.get("/{contact_id}", response_model=Contact)
async def get_contact(door: AnyDoor, contact_id: UUID) -> Response:
    """One contact."""
    return await door.read(queries.contact_by_id, contact_id)


@routes.patch("/{contact_id}", response_model=Contact)
async def update_contact(door: RepDoor, contact_id: UUID, change: ContactChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_contact, contact_id, change, door.expected_version)


@routes.delete("/{contact_id}", status_code=204)
async def delete_contact(door: RepDoor, contact_id: UUID) -> Response:
    """Remove a contact."""
    return await door.write(commands.delete_contact, contact_id, door.expected_version)
