"""A person who wants no more of a channel, and addresses that must not be used any more."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.api.work import Work
from shared.events.customers import ConsentRecorded, CustomerUnsubscribed
from shared.models import Consent, Suppression
from shared.outbox.append import append

PURPOSE: Final = "marketing"
OPTED_OUT: Final = "opt_out"
HARD_BOUNCE: Final = "hard_bounce"
COMPLAINT: Final = "complaint"


async def opt_out(work: Work, customer_id: UUID, *, channel: str, address: str | None, source: str) -> bool:
    """Withdraws consent and suppresses the address, at once. A repeat changes nothing and returns False.

    The caller has locked the customer.
    """
    if address:
        await suppress(work, channel, address, OPTED_OUT)
    if await _latest_status(work, customer_id, channel) == "withdrawn":
        return False
    values: dict[str, Any] = {
        "workspace_id": work.workspace_id,
        "customer_id": customer_id,
        "purpose": PURPOSE,
        "channel": channel,
        "status": "withdrawn",
        "source": source,
        "recorded_at": work.now,
        "created_at": work.now,
    }
    consent_id = await work.session.scalar(insert(Consent).values(values).returning(Consent.id))
    events = [
        ConsentRecorded(customer_id, UUID(str(consent_id)), PURPOSE, channel, "withdrawn"),
        CustomerUnsubscribed(customer_id, channel),
    ]
    await append(work.session, work.workspace_id, events, now=work.now)
    return True


async def suppress(work: Work, channel: str, address: str, reason: str) -> None:
    """Addresses are compared in lower case. The first reason stays, except that an opt-out yields to the others:

    it still allows service messages, which a bounce or a complaint does not.
    """
    values = {
        "workspace_id": work.workspace_id,
        "channel": channel,
        "address": address.lower(),
        "reason": reason,
        "created_at": work.now,
    }
    statement = insert(Suppression).values(values)
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "channel", "address"],
            set_={"reason": reason},
            where=(Suppression.reason == OPTED_OUT) & (statement.excluded.reason != OPTED_OUT),
        )
    )


async def _latest_status(work: Work, customer_id: UUID, channel: str) -> str | None:
    statement = (
        select(Consent.status)
        .where(
            Consent.workspace_id == work.workspace_id,
            Consent.customer_id == customer_id,
            Consent.purpose == PURPOSE,
            Consent.channel == channel,
        )
        .order_by(Consent.recorded_at.desc(), Consent.id.desc())
        .limit(1)
    )
    status: str | None = await work.session.scalar(statement)
    return status
