"""What the scheduler does when something happened, by event. Handlers converge, so a repeat is harmless."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler import alerts, reminders, sequences
from services.scheduler.desk import Desk, Letterhead
from services.scheduler.interest import awaited
from services.scheduler.reminders import Scope
from services.scheduler.sequences import Entry, Occurrence
from services.scheduler.workspaces import Company, enter_company
from shared.events.base import Envelope
from shared.events.catalogue import CATALOGUE
from shared.messaging import Consumer
from shared.telemetry import correlated

Handling = Callable[[Desk, Company, Sequence[Envelope]], Awaitable[None]]


async def on_segment_entered(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    await _enroll_by_segment(desk, company, events, "segment_entered")


async def on_segment_left(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    await _enroll_by_segment(desk, company, events, "segment_left")


async def _enroll_by_segment(desk: Desk, company: Company, events: Sequence[Envelope], trigger: str) -> None:
    for segment_id, moved in _by(events, "segment_id").items():
        for sequence_id in await sequences.started_by_segment(desk.session, company.id, trigger, UUID(segment_id)):
            await sequences.enroll(desk.session, company, sequence_id, _entries(moved), desk.now)


async def on_enrollment_requested(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    for sequence_id, wanted in _by(events, "sequence_id").items():
        await sequences.enroll(desk.session, company, UUID(sequence_id), _entries(wanted), desk.now)


async def on_any_event_of_a_customer(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    """It may end runs, and it may begin some. Ends come first: an event does not end what it begins."""
    await sequences.leave(desk.session, company, [_occurrence(event) for event in events], desk.now)
    for sequence_id, rule in await sequences.started_by_event(desk.session, company.id, events[0].type):
        entries = _entries(events)
        if rule is not None:
            entries = await sequences.matching(desk.session, company, entries, rule, desk.now)
        await sequences.enroll(desk.session, company, sequence_id, entries, desk.now)


async def on_score_changed(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    customers = _customers(events)
    await sequences.check_goals(desk.session, company, customers, desk.now)
    told = {event.customer_id: event.data["changed"] for event in events if event.customer_id}
    await alerts.watch_customers(desk, company, customers, told)


async def on_alert_rule_defined(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    await alerts.watch_rules(desk, company, {UUID(event.data["alert_rule_id"]) for event in events})


async def on_reminder_rule_defined(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    rules = {UUID(event.data["reminder_rule_id"]) for event in events}
    await reminders.remind(desk, company, Scope(rules=rules))


async def on_contract_changed(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    """A date edited to today, after the run that looked at today, counts today."""
    await reminders.remind(desk, company, Scope(customers=_customers(events)))


async def on_customer_updated(desk: Desk, company: Company, events: Sequence[Envelope]) -> None:
    dated = [event for event in events if {"birth_date", "timezone"}.intersection(event.data["fields"])]
    if dated:
        await reminders.remind(desk, company, Scope(customers=_customers(dated)))


def _by(events: Iterable[Envelope], name: str) -> dict[str, list[Envelope]]:
    groups = defaultdict(list)
    for event in events:
        groups[event.data[name]].append(event)
    return groups


def _entries(events: Iterable[Envelope]) -> list[Entry]:
    return [Entry(UUID(event.data["customer_id"]), event.occurred_at) for event in events]


def _customers(events: Iterable[Envelope]) -> list[UUID]:
    return list(dict.fromkeys(event.customer_id for event in events if event.customer_id))


def _occurrence(event: Envelope) -> Occurrence:
    segment_id: Any = event.data.get("segment_id") if event.type == "segment.left" else None
    customer_id = UUID(event.data["customer_id"])
    segment = UUID(segment_id) if segment_id else None
    return Occurrence(event.type, customer_id, event.occurred_at, segment, event.correlation_id)


ON: Final[dict[str, Handling]] = {
    "segment.entered": on_segment_entered,
    "segment.left": on_segment_left,
    "enrollment.requested": on_enrollment_requested,
    "score.changed": on_score_changed,
    "alert_rule.defined": on_alert_rule_defined,
    "reminder_rule.defined": on_reminder_rule_defined,
    "contract.changed": on_contract_changed,
    "customer.updated": on_customer_updated,
}
ABOUT_A_CUSTOMER: Final = frozenset(
    name for name, event in CATALOGUE.items() if "customer_id" in getattr(event, "__dataclass_fields__", {})
)


@dataclass(frozen=True, slots=True)
class Handler:
    """The door of events: one transaction for a batch. `wake` tells the due loop that there may be something to do."""

    letterhead: Letterhead
    wake: Callable[[], None] = lambda: None

    async def __call__(self, session: AsyncSession, events: Sequence[Envelope]) -> None:
        for workspace_id in dict.fromkeys(event.workspace_id for event in events):
            own = [event for event in events if event.workspace_id == workspace_id]
            if wanted := await awaited(session, workspace_id, own):
                await self._handle(session, workspace_id, wanted)

    async def _handle(self, session: AsyncSession, workspace_id: UUID, events: Sequence[Envelope]) -> None:
        company, now = await enter_company(session, workspace_id)
        desk = Desk(session, self.letterhead, now)
        for group in _runs(events):
            with correlated(group[0].correlation_id, cause=group[0].event_id, workspace_id=str(company.id)):
                for handle in _handlings(group[0]):
                    await handle(desk, company, group)
        self.wake()


def _handlings(event: Envelope) -> Iterable[Handling]:
    if event.type in ON:
        yield ON[event.type]
    if event.customer_id is not None:
        yield on_any_event_of_a_customer


def _runs(events: Sequence[Envelope]) -> Iterable[list[Envelope]]:
    """Neighbours of the same type and correlation belong together; the order of events is kept."""
    return (list(group) for _, group in groupby(events, key=lambda event: (event.type, event.correlation_id)))


NAME: Final = "scheduler"
TYPES: Final = tuple(sorted({*ON, *ABOUT_A_CUSTOMER}))


def scheduler_consumer(letterhead: Letterhead, wake: Callable[[], None]) -> Consumer:
    return Consumer(NAME, TYPES, Handler(letterhead, wake))
