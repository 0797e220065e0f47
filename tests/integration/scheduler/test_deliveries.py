"""Sending without sending twice: refusals, retries, lost answers, a process that dies."""

from datetime import timedelta

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from services.scheduler.deliveries import give_up_expired
from shared.db.session import transaction
from shared.events.automation import EnrollmentRequested
from tests.collector import exporting
from tests.integration.scheduler.mail_server import MailServer
from tests.integration.scheduler.world import World, email


async def one_queued(world: World) -> None:
    customer = await world.customer()
    sequence = await world.sequence([email("hello", await world.template())])
    await world.happens(EnrollmentRequested(customer, sequence))
    await world.run_due()


async def try_again_now(world: World) -> None:
    await world.owner.execute("update message set next_try_at = now() where status = 'queued'")


async def test_a_temporary_refusal_is_retried_later_with_the_same_message_id(
    world: World, mail_server: MailServer
) -> None:
    await one_queued(world)
    mail_server.answers = ["451 4.3.0 try again later"]
    worker = world.deliveries(mail_server)

    await worker.deliver_next()
    [(status, waits, response, reference)] = await world.all(
        "message", "status, next_try_at > now() + interval '9 s', provider_response, message_ref"
    )
    assert (status, waits, response) == ("queued", True, "451 4.3.0 try again later")
    assert not await worker.deliver_next()

    await try_again_now(world)
    await worker.deliver_next()
    await worker.close()

    assert [mail["Message-ID"] for mail in mail_server.received] == [f"<{reference}>"]
    assert await world.all("message", "status, attempts") == [("sent", 2)]
    assert await world.all("decision", "outcome") == [("sent",)]


async def test_a_mailbox_that_does_not_exist_is_never_written_to_again(world: World, mail_server: MailServer) -> None:
    await one_queued(world)
    mail_server.recipient_answers = ["550 5.1.1 no such user"]
    worker = world.deliveries(mail_server)

    await worker.deliver_next()
    await worker.close()

    assert await world.all("message", "status, provider_response") == [("failed", "550 5.1.1 no such user")]
    assert await world.all("suppression", "channel, address, reason") == [
        ("email", "camille@example.org", "hard_bounced")
    ]
    assert await world.all("decision", "outcome, reason") == [("failed", "provider_refused")]
    [(told,)] = await world.all("outbox", "data->>'outcome'", "id desc limit 1")
    assert told == "failed"


async def test_a_refusal_of_policy_fails_the_mail_and_spares_the_address(world: World, mail_server: MailServer) -> None:
    await one_queued(world)
    mail_server.answers = ["554 5.7.1 not like this"]
    worker = world.deliveries(mail_server)

    await worker.deliver_next()
    await worker.close()

    assert await world.all("message", "status") == [("failed",)]
    assert await world.all("suppression") == []


async def test_a_server_that_is_away_costs_a_try_and_nothing_else(world: World) -> None:
    await one_queued(world)
    nobody = MailServer()
    nobody.port = 9
    worker = world.deliveries(nobody)

    await worker.deliver_next()

    assert await world.all("message", "status, attempts") == [("queued", 1)]


async def test_after_the_last_try_the_mail_has_failed(world: World, mail_server: MailServer) -> None:
    await one_queued(world)
    mail_server.answers = ["451 later"] * 8
    worker = world.deliveries(mail_server)

    for _ in range(8):
        await try_again_now(world)
        await worker.deliver_next()
    await worker.close()

    assert await world.all("message", "status, attempts") == [("failed", 8)]
    assert await world.all("decision", "outcome, reason") == [("failed", "provider_refused")]


async def test_a_process_killed_between_sending_and_recording_leaves_an_unknown_outcome_and_no_second_mail(
    world: World, mail_server: MailServer
) -> None:
    """The killed process is what it leaves behind: a lease that nobody will end."""
    await one_queued(world)
    await world.owner.execute(
        "update message set status = 'sending', attempts = 1, lease_token = uuidv7(),"
        " lease_until = now() - interval '1 s'"
    )
    worker = world.deliveries(mail_server)

    assert not await worker.deliver_next()
    async with transaction(world.sessions) as session:
        assert await give_up_expired(session) == 1
    assert not await worker.deliver_next()

    assert mail_server.received == []
    assert await world.all("message", "status") == [("unknown",)]
    assert await world.all("decision", "outcome") == [("unknown",)]
    [(event, outcome)] = await world.all("outbox", "type, data->>'outcome'", "id desc limit 1")
    assert (event, outcome) == ("message.failed", "unknown")


async def test_a_lease_that_still_runs_is_left_alone(world: World) -> None:
    await one_queued(world)
    await world.owner.execute("update message set status = 'sending', lease_until = now() + interval '60 s'")

    async with transaction(world.sessions) as session:
        assert await give_up_expired(session) == 0


async def test_an_answer_that_comes_after_the_lease_was_given_up_changes_nothing(
    world: World, mail_server: MailServer
) -> None:
    await one_queued(world)
    worker = world.deliveries(mail_server)
    mail_server.before_answer = lambda: world.owner.execute(
        "update message set status = 'unknown', lease_token = null where status = 'sending'"
    )

    await worker.deliver_next()
    await worker.close()

    assert len(mail_server.received) == 1
    assert await world.all("message", "status, sent_at") == [("unknown", None)]


async def test_a_sandbox_and_an_installation_without_a_mail_server_send_nothing_outside(
    world: World, sandbox: World, mail_server: MailServer
) -> None:
    await one_queued(sandbox)
    worker = sandbox.deliveries(mail_server)
    await worker.deliver_next()
    await worker.close()
    await one_queued(world)
    await world.deliveries().deliver_next()

    assert mail_server.received == []
    assert await sandbox.all("message", "status, captured") == [("sent", True)]
    assert await world.all("message", "status, captured") == [("sent", True)]


async def test_a_sandbox_sends_on_its_own_clock(sandbox: World) -> None:
    await sandbox.pass_time(timedelta(days=400))
    await one_queued(sandbox)

    await sandbox.deliveries().deliver_next()

    [(sent_at,)] = await sandbox.all("message", "sent_at")
    assert abs(sent_at - await sandbox.now()) < timedelta(minutes=1)


async def test_every_mail_is_one_line_and_one_span_with_its_ids_and_without_its_address(
    world: World, mail_server: MailServer
) -> None:
    await one_queued(world)
    mail_server.recipient_answers = ["451 4.3.0 camille@example.org: try again later"]
    worker = world.deliveries(mail_server)

    with capture_logs([merge_contextvars]) as log, exporting("scheduler") as collector:
        await worker.deliver_next()
        await try_again_now(world)
        await worker.deliver_next()
    await worker.close()

    [(message_id, correlation)] = await world.all("message", "id::text, correlation_id")
    seen = [(line["event"], line["status"], line["attempts"], line["message_id"], line["correlation_id"])
            for line in log]  # fmt: skip
    assert seen == [("message.recorded", "queued", 1, message_id, correlation),
                    ("message.recorded", "sent", 2, message_id, correlation)]  # fmt: skip
    assert "camille" not in str(log).lower()
    spans = collector.attributes("deliver message")
    assert [(span["message_id"], span["correlation_id"]) for span in spans] == [(message_id, correlation)] * 2
    assert b"camille" not in collector.wire.lower()


async def test_a_server_that_does_not_answer_is_a_warning(world: World) -> None:
    await one_queued(world)
    nobody = MailServer()
    nobody.port = 9

    with capture_logs([merge_contextvars]) as log:
        await world.deliveries(nobody).deliver_next()

    [(correlation,)] = await world.all("message", "correlation_id")
    warning, recorded = log
    assert (warning["log_level"], warning["event"]) == ("warning", "mail_server.unavailable")
    assert (warning["server"], warning["correlation_id"]) == ("127.0.0.1:9", correlation)
    assert (recorded["event"], recorded["status"]) == ("message.recorded", "queued")
