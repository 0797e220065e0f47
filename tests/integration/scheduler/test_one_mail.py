"""From a customer's entering a segment to one mail in its mailbox, whatever is repeated and whoever works at it."""

import asyncio

from shared.events.segments import SegmentEntered
from shared.unsubscribe import read_unsubscribe_token
from tests.integration.scheduler.mail_server import MailServer
from tests.integration.scheduler.world import LETTERHEAD, World, email


async def deliver(world: World, mail_server: MailServer, workers: int = 1) -> None:
    """Until nothing waits."""

    async def work() -> None:
        delivery = world.deliveries(mail_server)
        while await delivery.deliver_next():
            pass
        await delivery.close()

    await asyncio.gather(*(work() for _ in range(workers)))


async def test_an_event_handled_three_times_by_two_schedulers_at_once_sends_one_mail(
    world: World, mail_server: MailServer
) -> None:
    segment_id, template_id = await world.segment(), await world.template()
    camille, bystander = await world.customer(), await world.customer("Dominique Petit", email="dominique@example.org")
    await world.sequence([email("hello", template_id)], segment_id=segment_id)
    entered = await world.envelope(SegmentEntered(camille, segment_id, 1))

    await asyncio.gather(world.handle(entered), world.handle(entered))
    await asyncio.gather(world.run_due(), world.run_due())
    await asyncio.gather(deliver(world, mail_server, workers=2), deliver(world, mail_server, workers=2))
    await world.handle(entered)
    await world.run_due()
    await deliver(world, mail_server)

    assert [str(mail["To"]) for mail in mail_server.received] == ["camille@example.org"]
    assert await world.all("enrollment", "customer_id, attempt, status, exit_reason") == [
        (camille, 1, "completed", "finished")
    ]
    assert await world.all("decision", "customer_id, outcome, reason") == [(camille, "sent", None)]
    assert await world.all("message", "customer_id, status, captured") == [(camille, "sent", False)]
    assert bystander not in {row[0] for row in await world.all("message", "customer_id")}
    told = [row[0] for row in await world.all("outbox", "type", "id")]
    assert told == ["enrollment.started", "enrollment.ended", "message.sent"]


async def test_the_mail_carries_our_id_both_bodies_and_one_click_unsubscribing(
    world: World, mail_server: MailServer
) -> None:
    segment_id, template_id = await world.segment(), await world.template()
    camille = await world.customer("Camille <Durand>")
    await world.sequence([email("hello", template_id)], segment_id=segment_id)

    await world.happens(SegmentEntered(camille, segment_id, 1))
    await world.run_due()
    await deliver(world, mail_server)

    [mail] = mail_server.received
    [(message_id, message_ref)] = await world.all("message", "id, message_ref")
    assert mail["Message-ID"] == f"<{message_ref}>"
    assert message_ref.endswith("@boutique.example")
    assert mail["From"] == "La boutique <no-reply@boutique.example>"
    assert mail["Subject"] == "Bonjour Camille <Durand>"
    assert mail_server.senders == ["no-reply@boutique.example"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in mail_server.raw[0]
    wish = read_unsubscribe_token(LETTERHEAD.secret_key, link.removeprefix("https://portefeuille.example/u/"))
    assert wish is not None
    assert (wish.workspace_id, wish.customer_id, wish.message_id) == (world.workspace_id, camille, message_id)
    assert mail["X-Mailin-custom"] == f'{{"message_id": "{message_id}"}}'
    assert mail["X-Portefeuille-Message"] == str(message_id)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Cher Camille <Durand>, voici nos nouvelles." in plain.get_content()
    assert link in plain.get_content()
    assert "Cher Camille &lt;Durand&gt;, voici" in html.get_content()
    assert f'<a href="{link}">Se désinscrire</a>' in html.get_content()
