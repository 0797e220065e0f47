"""Receive events: store each once, and do once what follows from it. All of one call in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.api.locking import lock_customer
from services.api.webhooks import calls, mails
from services.api.webhooks.matching import Match, match
from services.api.webhooks.vocabulary import ProviderEvent
from services.api.work import Work
from shared.errors import NotFound
from shared.models import MessageEvent


async def receive(work: Work, provider: str, events: Sequence[ProviderEvent]) -> dict[str, int]:
    """How many were received, and how many of them for the first time. Repeats and other orders change nothing."""
    fresh = await _not_seen(work, provider, events)
    for event in fresh:
        await calls.wait_for_call(work, event)
    matched = [(await match(work, event), event) for event in fresh]
    # Customers are locked in one order by everybody, so that two batches never wait for each other in a ring.
    matched.sort(key=lambda pair: pair[0].customer_id.int if pair[0].customer_id else 0)
    new = [await _receive_one(work, provider, event, whose) for whose, event in matched]
    return {"received": len(events), "new": sum(new)}


async def _not_seen(work: Work, provider: str, events: Sequence[ProviderEvent]) -> list[ProviderEvent]:
    by_key = {event.dedup_key: event for event in events}
    known = await work.session.scalars(
        select(MessageEvent.dedup_key).where(
            MessageEvent.workspace_id == work.workspace_id,
            MessageEvent.provider == provider,
            MessageEvent.dedup_key.in_(by_key),
        )
    )
    for key in known:
        by_key.pop(key, None)
    return list(by_key.values())


async def _receive_one(work: Work, provider: str, event: ProviderEvent, found: Match) -> bool:
    """False for a repeat that arrived at the same time."""
    whose = await _hold(work, found)
    by_bot = await mails.suspect_bot(work, event, whose)
    if not await _store(work, provider, event, whose, by_bot=by_bot):
        return False
    if event.call is not None:
        await calls.act(work, event, whose, provider=provider)
    else:
        await mails.act(work, event, whose, provider=provider, by_bot=by_bot)
    return True


async def _hold(work: Work, found: Match) -> Match:
    """The match with its customer locked; without customer if that one has gone meanwhile."""
    if found.customer_id is None:
        return found
    try:
        await lock_customer(work, found.customer_id)
    except NotFound:
        return replace(found, customer_id=None)
    return found


async def _store(work: Work, provider: str, event: ProviderEvent, whose: Match, *, by_bot: bool) -> bool:
    values = {
        "workspace_id": work.workspace_id,
        "provider": provider,
        "dedup_key": event.dedup_key,
        "occurred_at": event.occurred_at or work.now,
        "kind": event.kind,
        "customer_id": whose.customer_id,
        "message_ref": whose.message_ref,
        "address": event.address,
        "suspected_bot": by_bot,
        "payload": event.raw,
        "received_at": work.now,
    }
    statement = insert(MessageEvent).values(values).on_conflict_do_nothing().returning(MessageEvent.dedup_key)
    return await work.session.scalar(statement) is not None
