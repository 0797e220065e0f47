"""What a sequence does with one customer: waits, branches, tasks, windows, refusals, exits and coming back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.events.automation import EnrollmentRequested
from shared.events.customers import CustomerUnsubscribed
from shared.events.facts import TransactionRecorded
from shared.events.segments import SegmentEntered, SegmentLeft
from tests.integration.scheduler.world import Json, World, all_of, email

MONDAY_NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


async def capture(world: World) -> None:
    """Send what waits to the built-in capture."""
    deliveries = world.deliveries()
    while await deliveries.deliver_next():
        pass


def relance(first: UUID, second: UUID) -> list[Json]:
    return [
        email("hello", first),
        {"id": "pause", "type": "wait", "for": "P3D"},
        {
            "id": "opened",
            "type": "branch",
            "if": all_of(("step.hello.opened", "=", True)),
            "then": [
                {
                    "id": "call",
                    "type": "task",
                    "title": "Appeler {{ customer.name }}",
                    "assignee": "owner",
                    "due": "P1D",
                }
            ],
            "else": [email("again", second)],
        },
    ]


async def test_who_opened_gets_a_call_and_who_did_not_gets_another_mail(sandbox: World) -> None:
    await sandbox.set_clock(MONDAY_NOON)
    owner = await sandbox.user()
    curious = await sandbox.customer("Camille Durand", owner_id=owner)
    silent = await sandbox.customer("Dominique Petit", email="dominique@example.org", owner_id=owner)
    sequence = await sandbox.sequence(relance(await sandbox.template("A"), await sandbox.template("B")))

    for customer in (curious, silent):
        await sandbox.happens(EnrollmentRequested(customer, sequence))
    await sandbox.run_due()
    await capture(sandbox)
    [reference] = await sandbox.owner.fetchrow("select message_ref from message where customer_id = $1", curious)
    await sandbox.owner.execute(
        "insert into message_event (workspace_id, provider, dedup_key, occurred_at, kind, customer_id, message_ref,"
        " payload) values ($1, 'brevo', 'x', $2, 'email.opened', $3, $4, '{}')",
        sandbox.workspace_id, MONDAY_NOON, curious, reference,
    )  # fmt: skip
    await sandbox.pass_time(timedelta(days=3, seconds=-60))
    await sandbox.run_due()
    assert len(await sandbox.all("decision")) == 2

    await sandbox.pass_time(timedelta(seconds=60))
    await sandbox.run_due()

    decided = await sandbox.all("decision", "customer_id, details->>'step', outcome, reason", "id")
    assert set(decided) == {
        (curious, "hello", "sent", None),
        (silent, "hello", "sent", None),
        (curious, "call", "task_created", None),
        (silent, "again", "sent", None),
    }
    [(title, assignee, due_on)] = await sandbox.all("task", "title, assignee_id, due_on")
    assert (title, assignee, due_on.isoformat()) == ("Appeler Camille Durand", owner, "2026-11-27")
    assert {row[0] for row in await sandbox.all("enrollment", "status")} == {"completed"}


async def test_outside_the_send_window_the_mail_waits_for_the_next_opening(sandbox: World) -> None:
    saturday = datetime(2026, 11, 21, 20, tzinfo=UTC)
    await sandbox.set_clock(saturday)
    customer = await sandbox.customer()
    window = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "18:00", "timezone": "customer"}
    sequence = await sandbox.sequence([email("hello", await sandbox.template())], send_window=window)

    await sandbox.happens(EnrollmentRequested(customer, sequence))
    await sandbox.run_due()

    assert await sandbox.all("message") == []
    assert await sandbox.all("decision") == []
    assert await sandbox.all("due_action", "due_at") == [(datetime(2026, 11, 23, 8, tzinfo=UTC),)]

    await sandbox.set_clock(datetime(2026, 11, 23, 8, tzinfo=UTC))
    await sandbox.run_due()

    [(outcome, moved)] = await sandbox.all("decision", "outcome, details->'moved'->>'reason'")
    assert (outcome, moved) == ("sent", "quiet_hours_moved")


async def test_refusals_are_on_record_with_their_reason_and_the_sequence_goes_on(world: World) -> None:
    stranger = await world.customer("Sans Consentement", consent=False, email="stranger@example.org")
    bounced = await world.customer("Boîte Pleine", email="Bounced@example.org")
    nowhere = await world.customer("Sans Adresse", email=None)
    fine = await world.customer()
    await world.owner.execute(
        "insert into suppression (workspace_id, channel, address, reason)"
        " values ($1, 'email', 'bounced@example.org', 'hard_bounced')",
        world.workspace_id,
    )
    note = {"id": "note", "type": "notify", "to": "owner", "message": "Écrit à {{ customer.name }}"}
    sequence = await world.sequence([email("hello", await world.template()), note])

    for customer in (stranger, bounced, nowhere, fine):
        await world.happens(EnrollmentRequested(customer, sequence))
    await world.run_due()

    mails = await world.all("decision", "customer_id, outcome, reason, details->>'rule'", "id")
    assert {row for row in mails if row[1] == "suppressed"} == {
        (stranger, "suppressed", "no_consent", "fr.email.person.opt_in"),
        (bounced, "suppressed", "hard_bounced", "suppression.hard_bounce"),
        (nowhere, "suppressed", "no_address", "address.missing"),
    }
    assert await world.all("message", "customer_id") == [(fine,)]
    assert len(await world.all("notification")) == 4


async def test_the_daily_quota_moves_the_rest_to_tomorrow(sandbox: World) -> None:
    await sandbox.set_clock(MONDAY_NOON)
    sequence = await sandbox.sequence([email("hello", await sandbox.template())], daily_cap=2)
    for number in range(3):
        customer = await sandbox.customer(f"Client {number}", email=f"client{number}@example.org")
        await sandbox.happens(EnrollmentRequested(customer, sequence))

    await sandbox.run_due()

    assert len(await sandbox.all("message")) == 2
    assert await sandbox.all("due_action", "due_at") == [(datetime(2026, 11, 23, 23, tzinfo=UTC),)]


async def test_an_event_named_in_exit_on_ends_the_run_and_the_step_that_waited_is_on_record(sandbox: World) -> None:
    await sandbox.set_clock(MONDAY_NOON)
    segment = await sandbox.segment()
    buyer, bystander = await sandbox.customer(), await sandbox.customer("Dominique Petit", email="d@example.org")
    window = {"days": ["sun"], "from": "09:00", "to": "18:00", "timezone": "workspace"}
    await sandbox.sequence(
        [email("hello", await sandbox.template())], segment_id=segment, exit_on=["transaction.recorded"],
        send_window=window,
    )  # fmt: skip
    await sandbox.happens(SegmentEntered(buyer, segment, 1), SegmentEntered(bystander, segment, 1))
    await sandbox.run_due()

    await sandbox.happens(TransactionRecorded(buyer, segment, "sale", "12.00", "EUR"))

    assert await sandbox.all("enrollment", "customer_id, status, exit_reason", "customer_id") == [
        (buyer, "exited", "transaction.recorded"),
        (bystander, "active", None),
    ]
    assert await sandbox.all("decision", "customer_id, outcome, reason") == [(buyer, "suppressed", "exited")]
    assert await sandbox.all("due_action", "customer_id") == [(bystander,)]


async def test_what_happened_before_the_run_does_not_end_it(world: World) -> None:
    segment = await world.segment()
    customer = await world.customer()
    wait = {"id": "pause", "type": "wait", "for": "P3D"}
    await world.sequence([wait], segment_id=segment, exit_on=["transaction.recorded"])
    bought = await world.envelope(TransactionRecorded(customer, segment, "sale", "12.00", "EUR"))

    await world.happens(SegmentEntered(customer, segment, 1))
    await world.handle(bought)

    assert await world.all("enrollment", "status") == [("active",)]


async def test_an_opt_out_ends_every_sequence_that_writes_and_no_other(world: World) -> None:
    segment, customer = await world.segment(), await world.customer()
    wait = {"id": "pause", "type": "wait", "for": "P3D"}
    writing = await world.sequence([wait, email("hello", await world.template())], segment_id=segment)
    await world.sequence([wait, {"id": "n", "type": "notify", "message": "Penser à lui"}], segment_id=segment)
    await world.happens(SegmentEntered(customer, segment, 1))

    await world.happens(CustomerUnsubscribed(customer, "email"))

    rows = await world.all("enrollment", "sequence_id, status, exit_reason", "status desc")
    assert rows[0] == (writing, "exited", "customer.unsubscribed")
    assert rows[1][1:] == ("active", None)


async def test_leaving_another_segment_than_the_one_that_began_it_ends_nothing(world: World) -> None:
    segment, other, customer = await world.segment(), await world.segment("Autre"), await world.customer()
    wait = {"id": "pause", "type": "wait", "for": "P3D"}
    await world.sequence([wait], segment_id=segment, exit_on=["segment.left"])
    await world.happens(SegmentEntered(customer, segment, 1))

    await world.happens(SegmentLeft(customer, other, 1))
    assert await world.all("enrollment", "status") == [("active",)]

    await world.happens(SegmentLeft(customer, segment, 1))
    assert await world.all("enrollment", "status, exit_reason") == [("exited", "segment.left")]


async def test_coming_back_obeys_the_gap_and_a_repeated_event_never_counts_as_coming_back(sandbox: World) -> None:
    await sandbox.set_clock(MONDAY_NOON)
    segment, customer = await sandbox.segment(), await sandbox.customer()
    note = {"id": "n", "type": "notify", "message": "Revenu"}
    reentry = {"mode": "after_exit", "min_gap": "P90D"}
    await sandbox.sequence([note], segment_id=segment, reentry=reentry)
    first = await sandbox.envelope(SegmentEntered(customer, segment, 1))
    await sandbox.handle(first)
    await sandbox.run_due()

    await sandbox.pass_time(timedelta(days=89))
    await sandbox.happens(SegmentEntered(customer, segment, 1))
    assert len(await sandbox.all("enrollment")) == 1

    await sandbox.pass_time(timedelta(days=2))
    await sandbox.handle(first)
    assert len(await sandbox.all("enrollment")) == 1

    await sandbox.happens(SegmentEntered(customer, segment, 1))
    assert await sandbox.all("enrollment", "attempt, status", "attempt") == [(1, "completed"), (2, "active")]


async def test_an_event_older_than_the_sequence_starts_nothing(world: World) -> None:
    segment, customer = await world.segment(), await world.customer()
    await world.sequence([{"id": "n", "type": "notify", "message": "Bonjour"}], segment_id=segment)
    event = SegmentEntered(customer, segment, 1)

    await world.handle(await world.envelope(event, at=datetime(2019, 12, 31, tzinfo=UTC)))

    assert await world.all("enrollment") == []


async def test_a_goal_that_is_reached_completes_the_run(world: World) -> None:
    segment, customer = await world.segment(), await world.customer(tags=["client"])
    steps = [{"id": "pause", "type": "wait", "for": "P3D"}, email("hello", await world.template())]
    await world.sequence(steps, segment_id=segment, goal=all_of(("tags", "contains", "client")))

    await world.happens(SegmentEntered(customer, segment, 1))
    await world.run_due()

    assert await world.all("enrollment", "status, exit_reason") == [("completed", "goal_reached")]
    assert await world.all("message") == []


async def test_a_template_that_does_not_fit_fails_visibly_and_holds_up_nobody(world: World) -> None:
    template = await world.template(subject="Bonjour {{ customer.surname }}")
    broken, fine = (
        await world.sequence([email("hello", template)]),
        await world.sequence([email("hello", await world.template("Juste"))]),
    )
    customer = await world.customer()

    await world.happens(EnrollmentRequested(customer, broken), EnrollmentRequested(customer, fine))
    await world.run_due()

    assert await world.all("enrollment", "sequence_id, status, exit_reason", "status") == [
        (fine, "completed", "finished"),
        (broken, "failed", "template_error"),
    ]
    outcomes = await world.all("decision", "rule_id, outcome, reason", "outcome")
    assert outcomes == [(broken, "failed", "template_error"), (fine, "sent", None)]


async def test_a_line_break_in_a_name_never_becomes_a_header(world: World) -> None:
    customer = await world.customer("Camille\r\nBcc: everybody@example.org")
    sequence = await world.sequence([email("hello", await world.template())])

    await world.happens(EnrollmentRequested(customer, sequence))
    await world.run_due()

    assert await world.all("message") == []
    assert await world.all("decision", "outcome, reason") == [("failed", "template_error")]


async def test_a_step_that_keeps_failing_is_tried_again_later_and_then_ends_the_run_visibly(sandbox: World) -> None:
    await sandbox.set_clock(MONDAY_NOON)
    customer = await sandbox.customer()
    sequence = await sandbox.sequence([email("hello", await sandbox.template())])
    await sandbox.happens(EnrollmentRequested(customer, sequence))
    await sandbox.owner.execute("alter table message add constraint broken check (subject is null)")

    for tries in range(1, 5):
        await sandbox.run_due()
        [(attempts, error)] = await sandbox.all("due_action", "attempts, last_error")
        assert attempts == tries
        assert "broken" in error
        await sandbox.pass_time(timedelta(hours=2))
    await sandbox.run_due()

    assert await sandbox.all("enrollment", "status, exit_reason") == [("failed", "step_failed")]
    assert await sandbox.all("decision", "outcome") == [("failed",)]
    assert await sandbox.all("due_action") == []
