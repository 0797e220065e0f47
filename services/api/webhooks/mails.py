"""What follows from an event of a mail or a text message."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from services.api.opting_out import COMPLAINT, HARD_BOUNCE, OPTED_OUT, opt_out, suppress
from services.api.webhooks.matching import Match
from services.api.webhooks.recording import record_interaction
from services.api.webhooks.vocabulary import ProviderEvent
from services.api.work import Work
from shared.domain import limits
from shared.events.messages import (
    MessageBounced,
    MessageClicked,
    MessageComplained,
    MessageDelivered,
    MessageOpened,
    MessageReplied,
)
from shared.models import MessageEvent
from shared.outbox.append import append

Reported = (
    type[MessageDelivered]
    | type[MessageOpened]
    | type[MessageClicked]
    | type[MessageReplied]
    | type[MessageBounced]
    | type[MessageComplained]
)
EVENTS: Final[Mapping[str, Reported]] = {
    "email.delivered": MessageDelivered,
    "email.opened": MessageOpened,
    "email.clicked": MessageClicked,
    "email.bounced": MessageBounced,
    "email.complained": MessageComplained,
    "email.replied": MessageReplied,
    "sms.delivered": MessageDelivered,
}
SUPPRESSING: Final = {
    "email.bounced": HARD_BOUNCE,
    "email.complained": COMPLAINT,
    "email.unsubscribed": OPTED_OUT,
    "sms.opted_out": OPTED_OUT,
}
STOP_WORDS: Final = {"STOP", "STOP SMS", "STOPSMS", "ARRET", "ARRÊT", "UNSUBSCRIBE"}

# Nobody reads this fast: scanners of mail gateways open mails and follow links at the moment of delivery.
FASTER_THAN_PEOPLE: Final = timedelta(seconds=2)
BY_PEOPLE: Final = ("email.opened", "email.clicked")


async def suspect_bot(work: Work, event: ProviderEvent, match: Match) -> bool:
    """What the provider says itself, or an opening or click within two seconds of the delivery, as far as known."""
    if event.suspected_bot or event.kind not in BY_PEOPLE or match.message_ref is None or event.occurred_at is None:
        return event.suspected_bot
    statement = select(func.count()).where(
        MessageEvent.workspace_id == work.workspace_id,
        MessageEvent.message_ref == match.message_ref,
        MessageEvent.kind == "email.delivered",
        func.lower(MessageEvent.address) == (event.address or "").lower(),
        MessageEvent.occurred_at <= event.occurred_at,
        MessageEvent.occurred_at > event.occurred_at - FASTER_THAN_PEOPLE,
    )
    return bool(await work.session.scalar(statement))


async def act(work: Work, event: ProviderEvent, match: Match, *, provider: str, by_bot: bool) -> None:
    """The effects of an event that is stored for the first time."""
    if event.kind == "email.delivered":
        await _unmask_earlier_bots(work, event, match)
    if event.address and event.kind in SUPPRESSING:
        await suppress(work, event.channel, event.address, SUPPRESSING[event.kind])
    if match.customer_id is None:
        return
    if SUPPRESSING.get(event.kind) == OPTED_OUT:
        await opt_out(work, match.customer_id, channel=event.channel, address=event.address, source=provider)
    if event.kind == "email.replied":
        await _record_reply(work, match.customer_id, event, match, provider)
    if event.kind == "sms.received":
        await _record_text_message(work, match.customer_id, event, provider)
    if event.kind in EVENTS and not by_bot:
        told = EVENTS[event.kind](match.customer_id, match.message_ref, match.message_id)
        await append(work.session, work.workspace_id, [told], now=work.now)


async def _unmask_earlier_bots(work: Work, event: ProviderEvent, match: Match) -> None:
    """The delivery may be told after the opening it explains: the stored events end up the same in either order."""
    if match.message_ref is None or event.occurred_at is None:
        return
    await work.session.execute(
        update(MessageEvent)
        .where(
            MessageEvent.workspace_id == work.workspace_id,
            MessageEvent.message_ref == match.message_ref,
            MessageEvent.kind.in_(BY_PEOPLE),
            func.lower(MessageEvent.address) == (event.address or "").lower(),
            MessageEvent.occurred_at >= event.occurred_at,
            MessageEvent.occurred_at < event.occurred_at + FASTER_THAN_PEOPLE,
        )
        .values(suspected_bot=True)
    )


async def _record_reply(work: Work, customer_id: UUID, event: ProviderEvent, match: Match, provider: str) -> None:
    await record_interaction(
        work,
        customer_id,
        kind="email_replied",
        external_id=f"{provider}:{event.dedup_key}",
        occurred_at=event.occurred_at,
        direction="inbound",
        subject=None if event.subject is None else event.subject[: limits.SUBJECT],
        body=event.text,
        message_id=match.message_ref,
    )


async def _record_text_message(work: Work, customer_id: UUID, event: ProviderEvent, provider: str) -> None:
    await record_interaction(
        work,
        customer_id,
        kind="sms",
        external_id=next(iter(event.references), f"{provider}:{event.dedup_key}"),
        occurred_at=event.occurred_at,
        direction="inbound",
        body=event.text,
    )
    if event.text and event.text.strip().upper() in STOP_WORDS:
        await opt_out(work, customer_id, channel="sms", address=event.address, source=provider)
