"""What arrives from the broker. A handler only marks: the figures are computed by the loop that takes the marks.

So an event that comes twice, late or in another order changes nothing but when a customer is looked at.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from services.segmenter.staleness import mark, mark_currency, mark_imported, mark_segment, mark_workspace
from shared.events import customers, facts, messages, segments
from shared.events.base import Envelope, Event
from shared.messaging import Consumer

NAME: Final = "segmenter"

OF_A_CUSTOMER: Final[tuple[type[Event], ...]] = (
    customers.CustomerCreated,
    customers.CustomerUpdated,
    customers.CustomerDeleted,
    customers.CustomerRestored,
    facts.InteractionRecorded,
    facts.TransactionRecorded,
    facts.SurveyResponseRecorded,
    facts.ComplaintChanged,
    messages.MessageSent,
    messages.MessageDelivered,  # It may show that an open before it was a machine's.
    messages.MessageOpened,
    messages.MessageClicked,
    messages.MessageBounced,
    messages.CallEnded,
)
# Changes of a workspace that no figure depends on. A test clock is noticed by the watch on the day.
_WITHOUT_EFFECT: Final = frozenset(
    {"name", "language", "clock_offset", "clock_target", "quiet_hours", "require_if_match"}
)


async def mark_customers(session: AsyncSession, envelopes: Sequence[Envelope]) -> None:
    """One statement a workspace, however many events; all events of one customer are one mark."""
    by_workspace: dict[UUID, dict[UUID, str | None]] = defaultdict(dict)
    for envelope in envelopes:
        if envelope.customer_id is not None:
            by_workspace[envelope.workspace_id][envelope.customer_id] = envelope.correlation_id
    for workspace_id, correlations in sorted(by_workspace.items()):
        await mark(session, workspace_id, list(correlations), list(correlations.values()))


async def mark_everybody(session: AsyncSession, envelope: Envelope) -> None:
    await mark_workspace(session, envelope.workspace_id, envelope.correlation_id)


async def mark_after_import(session: AsyncSession, envelope: Envelope) -> None:
    await mark_imported(session, envelope.workspace_id, UUID(envelope.data["import_id"]), envelope.correlation_id)


async def mark_after_update(session: AsyncSession, envelope: Envelope) -> None:
    if not _WITHOUT_EFFECT.issuperset(envelope.data["fields"]):
        await mark_everybody(session, envelope)


async def mark_buyers_in_currency(session: AsyncSession, envelope: Envelope) -> None:
    await mark_currency(session, envelope.workspace_id, envelope.data["currency"], envelope.correlation_id)


async def mark_definition(session: AsyncSession, envelope: Envelope) -> None:
    await mark_segment(session, envelope.workspace_id, UUID(envelope.data["segment_id"]), envelope.correlation_id)


OTHERS: Final[dict[type[Event], Callable[[AsyncSession, Envelope], Awaitable[None]]]] = {
    facts.ImportCompleted: mark_after_import,
    facts.ExchangeRateRecorded: mark_buyers_in_currency,
    segments.SegmentDefined: mark_definition,
    segments.SegmentDeleted: mark_definition,
    segments.WorkspaceUpdated: mark_after_update,
    segments.RecomputeRequested: mark_everybody,
}
_HANDLERS = {event_type.type: handler for event_type, handler in OTHERS.items()}


async def handle(session: AsyncSession, envelopes: Sequence[Envelope]) -> None:
    """A batch of any of these events, in one transaction."""
    await mark_customers(session, [envelope for envelope in envelopes if envelope.type not in _HANDLERS])
    for envelope in envelopes:
        if handler := _HANDLERS.get(envelope.type):
            await handler(session, envelope)


def consumer(marked: Callable[[], None]) -> Consumer:
    """The durable consumer. `marked` is called once marks are committed, so that nobody waits for the next poll."""

    async def handle_and_tell(session: AsyncSession, envelopes: Sequence[Envelope]) -> None:
        event.listen(session.sync_session, "after_commit", lambda _: marked(), once=True)
        await handle(session, envelopes)

    return Consumer(NAME, [event_type.type for event_type in (*OF_A_CUSTOMER, *OTHERS)], handle_and_tell)
