"""Whom a link is about, and what a click on its button does."""

from dataclasses import dataclass

from sqlalchemy import select

from services.api.locking import lock_customer
from services.api.opting_out import opt_out
from services.api.work import Work
from shared.models import Customer, Message, Workspace
from shared.unsubscribe import Unsubscription


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page: the address that is written to, by whom, in which language (None if unknown)."""

    address: str
    company: str
    language: str | None


async def reader_of(work: Work, wish: Unsubscription) -> Reader | None:
    """None if the customer is no more. The address is the one that the message went to, else the present one."""
    statement = (
        select(Customer.email, Customer.phone, Customer.language, Workspace.name, Message.recipient)
        .join(Workspace, Workspace.id == Customer.workspace_id)
        .outerjoin(
            Message,
            (Message.workspace_id == Customer.workspace_id)
            & (Message.customer_id == Customer.id)
            & (Message.id == wish.message_id),
        )
        .where(Customer.workspace_id == work.workspace_id, Customer.id == wish.customer_id)
    )
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        return None
    present = row.email if wish.channel == "email" else row.phone
    return Reader(row.recipient or present or "", row.name, row.language)


async def unsubscribe(work: Work, wish: Unsubscription) -> Reader | None:
    """Opts out at once; a repeat changes nothing. None if the customer is no more."""
    reader = await reader_of(work, wish)
    if reader is None:
        return None
    await lock_customer(work, wish.customer_id, deleted=True)
    await opt_out(work, wish.customer_id, channel=wish.channel, address=reader.address, source="unsubscribe link")
    return reader
