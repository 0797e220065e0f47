"""Which events the scheduler lets pass, and that it knows all that it has handlers for."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from services.scheduler.consumers import ON
from services.scheduler.interest import FOR_THEMSELVES, Interest
from shared.events.base import Envelope

SEGMENT, CUSTOMER = uuid4(), uuid4()


def envelope(type_: str, segment_id: UUID = SEGMENT) -> Envelope:
    data = {"customer_id": str(CUSTOMER), "segment_id": str(segment_id)}
    return Envelope(uuid4(), uuid4(), type_, datetime(2026, 1, 1, tzinfo=UTC), data, CUSTOMER)


def interest(*rows: tuple[str, UUID | None, str | None]) -> Interest:
    found = Interest()
    for row in rows:
        found.add(*row)
    return found


def test_every_event_with_a_handler_is_looked_at_for_itself_or_for_whom_it_starts_ends_or_alerts() -> None:
    assert set(ON) == FOR_THEMSELVES | {"segment.entered", "segment.left", "score.changed"}


@pytest.mark.parametrize(
    ("row", "event", "starts"),
    [
        (("segment_entered", SEGMENT, None), envelope("segment.entered"), True),
        (("segment_entered", SEGMENT, None), envelope("segment.left"), False),
        (("segment_entered", SEGMENT, None), envelope("segment.entered", uuid4()), False),
        (("segment_left", SEGMENT, None), envelope("segment.left"), True),
        (("event", None, "segment.left"), envelope("segment.left"), True),
        (("event", None, "call.ended"), envelope("call.ended"), True),
        (("event", None, "call.ended"), envelope("message.opened"), False),
        (("running", CUSTOMER, None), envelope("call.ended"), False),
        (("alert", uuid4(), None), envelope("score.changed"), False),
        (("running", CUSTOMER, None), envelope("enrollment.requested"), True),
    ],
)
def test_what_starts_a_sequence(row: tuple[str, UUID | None, str | None], event: Envelope, starts: bool) -> None:
    assert interest(row).starts(event) is starts


def test_who_runs_and_whether_alerts_watch_is_kept_apart() -> None:
    found = interest(("running", CUSTOMER, None), ("alert", uuid4(), None))

    assert (found.running, found.alerts, found.starting) == ({CUSTOMER}, True, set())
