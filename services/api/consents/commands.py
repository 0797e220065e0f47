"""Record what people say about being contacted, and act on it at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select

from services.api import records
from services.api.consents.queries import as_consent, newest
from services.api.consents.schemas import NewConsent
from services.api.door import Answer, created
from services.api.opting_out import PURPOSE, suppress
from services.api.work import Work
from shared.errors import InvalidInput
from shared.events.customers import ConsentRecorded, CustomerUnsubscribed
from shared.models import Consent, Customer, Suppression
from shared.outbox.append import append

# Clocks of two machines may differ by so much.
CLOCK_SKEW: Final = timedelta(minutes=5)


async def record_consent(work: Work, new: NewConsent) -> Answer:
    """Adds a statement. The newest about marketing opens or closes the channel; one of the past is only history."""
    recorded_at = new.recorded_at or work.now
    if recorded_at > work.now + CLOCK_SKEW:
        raise InvalidInput.at("#/recorded_at", "bad_timestamp", "A statement cannot be of the future.")
    customer_id = await records.hold_subject(work, new)
    values = new.model_dump(exclude={"customer_external_id"})
    row = await records.add(work, Consent, values | {"customer_id": customer_id, "recorded_at": recorded_at})
    event = ConsentRecorded(customer_id, row["id"], row["purpose"], row["channel"], row["status"])
    await append(work.session, work.workspace_id, [event], now=work.now)
    if row["purpose"] == PURPOSE and await _counts(work, row):
        await _open_or_close(work, row)
    return created(as_consent(row), "/v1/consents")


async def _counts(work: Work, row: Mapping[Any, Any]) -> bool:
    """Whether no later statement says otherwise."""
    statement = select(Consent.id).where(Consent.workspace_id == work.workspace_id, Consent.id == row["id"], newest())
    return await work.session.scalar(statement) is not None


async def _open_or_close(work: Work, row: Mapping[Any, Any]) -> None:
    address = await _address(work, row) if row["channel"] == "email" else None
    if row["status"] == "withdrawn":
        if address is not None:
            await suppress(work, "email", address, "unsubscribed")
        event = CustomerUnsubscribed(row["customer_id"], row["channel"])
        await append(work.session, work.workspace_id, [event], now=work.now)
    elif address is not None:
        await _lift_own_suppression(work, address)


async def _lift_own_suppression(work: Work, address: str) -> None:
    """Forget that this person unsubscribed; that an address bounces or complains is not theirs to take back."""
    await work.session.execute(
        delete(Suppression).where(
            Suppression.workspace_id == work.workspace_id,
            Suppression.channel == "email",
            Suppression.address == address,
            Suppression.reason == "unsubscribed",
        )
    )


async def _address(work: Work, row: Mapping[Any, Any]) -> str | None:
    """The customer's e-mail address in the form of the suppression list: lower case."""
    statement = select(func.lower(Customer.email)).where(
        Customer.workspace_id == work.workspace_id, Customer.id == row["customer_id"]
    )
    address: str | None = await work.session.scalar(statement)
    return address
