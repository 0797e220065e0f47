"""What follows from an event of a telephone call: one interaction a call, whatever the order in which it is told."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update

from services.api.webhooks.matching import Match
from services.api.webhooks.providers import PROVIDERS
from services.api.webhooks.recording import record_interaction
from services.api.webhooks.vocabulary import Call, ProviderEvent
from services.api.work import Work
from shared.domain import limits
from shared.events.messages import CallEnded
from shared.models import Interaction, MessageEvent, UserAccount
from shared.outbox.append import append

# Told once a call is over, before or after its end is.
LATER: Final = ("call.transcript_ready", "call.recording_ready", "call.voicemail")
_ONE_AT_A_TIME: Final = text("select pg_advisory_xact_lock(hashtextextended(:call, 0))")


async def wait_for_call(work: Work, event: ProviderEvent) -> None:
    """Events of one call are received one after the other: its end and its transcript may arrive together."""
    if event.call is not None:
        await work.session.execute(_ONE_AT_A_TIME, {"call": f"{work.workspace_id}/{event.call.reference}"})


async def act(work: Work, event: ProviderEvent, match: Match, *, provider: str) -> None:
    """The effects of a call's event that is stored for the first time."""
    if event.call is None or match.customer_id is None:
        return
    if event.kind == "call.ended":
        await _record_call(work, match.customer_id, event, event.call)
        for later in await _told_before(work, event.call, provider):
            await _complete(work, later)
    elif event.kind in LATER:
        await _complete(work, event.call)


async def _record_call(work: Work, customer_id: UUID, event: ProviderEvent, call: Call) -> None:
    interaction_id = await record_interaction(
        work,
        customer_id,
        kind="call",
        external_id=call.reference,
        occurred_at=call.started_at or event.occurred_at,
        direction=call.direction,
        duration_seconds=call.talked_seconds,
        user_id=await _agent(work, call),
        details={**call.details, "outcome": "missed" if call.talked_seconds is None else "answered"},
    )
    if interaction_id is None:
        return
    ended = CallEnded(customer_id, interaction_id, call.direction or "inbound", call.talked_seconds)
    await append(work.session, work.workspace_id, [ended], now=work.now)


async def _agent(work: Work, call: Call) -> Any:
    """The user who talked, by e-mail address; None for somebody we do not know."""
    statement = select(UserAccount.id).where(
        UserAccount.workspace_id == work.workspace_id, func.lower(UserAccount.email) == (call.agent_email or "").lower()
    )
    return await work.session.scalar(statement)


async def _told_before(work: Work, call: Call, provider: str) -> list[Call]:
    """What came before the end of its call, and whose it was could not be known then."""
    statement = (
        update(MessageEvent)
        .where(
            MessageEvent.workspace_id == work.workspace_id,
            MessageEvent.message_ref == call.reference,
            MessageEvent.kind.in_(LATER),
        )
        .values(
            customer_id=select(Interaction.customer_id)
            .where(Interaction.workspace_id == work.workspace_id, Interaction.external_id == call.reference)
            .scalar_subquery()
        )
        .returning(MessageEvent.payload, MessageEvent.occurred_at)
    )
    rows = sorted((await work.session.execute(statement)).all(), key=lambda row: row.occurred_at)
    found = [event.call for row in rows for event in PROVIDERS[provider].translate(row.payload)]
    return [one for one in found if one is not None]


async def _complete(work: Work, call: Call) -> None:
    """Add what is known now to the recorded call, if there is one."""
    values: dict[Any, Any] = {Interaction.details: Interaction.details.concat(call.details)}
    if call.transcript is not None:
        values[Interaction.body] = func.coalesce(Interaction.body, call.transcript[: limits.TEXT])
    await work.session.execute(
        update(Interaction)
        .where(Interaction.workspace_id == work.workspace_id, Interaction.external_id == call.reference)
        .values(values)
    )
