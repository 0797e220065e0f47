"""Birthdays and expiring contracts: the right local day, once, also after downtime and after an edit."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.scheduler.runs import JobRuns
from shared.events.automation import ReminderRuleDefined
from shared.events.customers import CustomerUpdated
from shared.events.facts import ContractChanged
from tests.integration.scheduler.world import LETTERHEAD, Json, World

CONGRATULATE: Json = {"type": "task", "title": "Souhaiter un bon anniversaire à {{ customer.name }}"}
BIRTHDAYS: Json = {"name": "Anniversaires", "kind": "birthday", "actions": [CONGRATULATE]}
EXPIRIES: Json = {
    "name": "Échéances", "kind": "contract_expiry", "days_before": [90, 30, 7, 0],
    "actions": [{"type": "task", "title": "Renouveler {{ customer.name }}"}],
}  # fmt: skip


async def rule(world: World, document: Json, **columns: Any) -> UUID:
    return await world.rule("reminder_rule", document, kind=document["kind"], **columns)


async def run_jobs(world: World) -> None:
    await JobRuns(world.sessions, LETTERHEAD).run_due_of(world.workspace_id)


async def contract(world: World, customer_id: UUID, ends_on: date, **columns: Any) -> UUID:
    given = {"name": "Entretien", "currency": "EUR", "customer_id": customer_id, "ends_on": ends_on}
    return await world.insert("contract", **(given | columns))


async def test_a_birthday_is_a_task_for_the_owner_on_the_day_and_never_before(sandbox: World) -> None:
    await rule(sandbox, BIRTHDAYS)
    owner = await sandbox.user()
    customer = await sandbox.customer(birth_date="1980-11-24", owner_id=owner)
    await sandbox.customer("Dominique Petit", birth_date="1980-11-25")
    await sandbox.set_clock(datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    await run_jobs(sandbox)
    assert await sandbox.all("task") == []

    await sandbox.set_clock(datetime(2026, 11, 23, 23, 1, tzinfo=UTC))
    await run_jobs(sandbox)
    await sandbox.pass_time(timedelta(hours=5))
    await run_jobs(sandbox)

    assert await sandbox.all("task", "customer_id, assignee_id, title, due_on") == [
        (customer, owner, "Souhaiter un bon anniversaire à Camille Durand", date(2026, 11, 24))
    ]
    assert await sandbox.all("reminder", "customer_id, occurs_on, target_on, days_before") == [
        (customer, date(2026, 11, 24), date(2026, 11, 24), 0)
    ]
    assert await sandbox.all("decision", "customer_id, occurs_on, outcome") == [
        (customer, date(2026, 11, 24), "task_created")
    ]


async def test_today_is_the_date_where_the_customer_is(sandbox: World) -> None:
    await rule(sandbox, BIRTHDAYS)
    auckland = await sandbox.customer("Aroha", birth_date="--11-24", timezone="Pacific/Auckland")
    honolulu = await sandbox.customer("Kai", birth_date="--11-24", timezone="Pacific/Honolulu")

    await sandbox.set_clock(datetime(2026, 11, 23, 11, 5, tzinfo=UTC))
    await run_jobs(sandbox)
    assert await sandbox.all("task", "customer_id") == [(auckland,)]

    await sandbox.set_clock(datetime(2026, 11, 24, 10, 5, tzinfo=UTC))
    await run_jobs(sandbox)
    assert {row[0] for row in await sandbox.all("task", "customer_id")} == {auckland, honolulu}
    assert await sandbox.all("reminder", "occurs_on") == [(date(2026, 11, 24),)] * 2


async def test_the_twenty_ninth_of_february_is_greeted_on_the_twenty_eighth_in_common_years(sandbox: World) -> None:
    await rule(sandbox, BIRTHDAYS)
    await sandbox.customer(birth_date="2000-02-29")

    for day in (datetime(2027, 2, 28, 6, tzinfo=UTC), datetime(2028, 2, 28, 6, tzinfo=UTC),
                datetime(2028, 2, 29, 6, tzinfo=UTC)):  # fmt: skip
        await sandbox.set_clock(day)
        await run_jobs(sandbox)

    assert await sandbox.all("reminder", "occurs_on", "occurs_on") == [(date(2027, 2, 28),), (date(2028, 2, 29),)]


async def test_downtime_is_caught_up_within_the_grace_and_what_is_older_is_on_record_as_missed(
    sandbox: World,
) -> None:
    await rule(sandbox, BIRTHDAYS)
    recent = await sandbox.customer("Récent", birth_date="1980-11-22")
    stale = await sandbox.customer("Ancien", birth_date="1980-11-15")
    await sandbox.customer("Avant la panne", birth_date="1980-11-09")
    await sandbox.set_clock(datetime(2026, 11, 10, 10, 5, tzinfo=UTC))
    await run_jobs(sandbox)

    await sandbox.set_clock(datetime(2026, 11, 24, 10, 5, tzinfo=UTC))
    await run_jobs(sandbox)
    await sandbox.pass_time(timedelta(hours=1))
    await run_jobs(sandbox)

    assert await sandbox.all("decision", "customer_id, occurs_on, outcome, reason", "occurs_on") == [
        (stale, date(2026, 11, 15), "missed", "stale"),
        (recent, date(2026, 11, 22), "task_created", None),
    ]
    assert await sandbox.all("task", "customer_id") == [(recent,)]


async def test_a_date_edited_to_today_after_the_morning_run_counts_today_and_once(sandbox: World) -> None:
    await rule(sandbox, BIRTHDAYS)
    customer = await sandbox.customer(birth_date="1980-03-01")
    await sandbox.set_clock(datetime(2026, 11, 24, 10, 5, tzinfo=UTC))
    await run_jobs(sandbox)
    await sandbox.owner.execute("update customer set birth_date = '1980-11-24'")

    await sandbox.happens(CustomerUpdated(customer, ["birth_date"]))
    await sandbox.happens(CustomerUpdated(customer, ["birth_date"]))
    await sandbox.pass_time(timedelta(hours=1))
    await run_jobs(sandbox)

    assert await sandbox.all("task", "customer_id") == [(customer,)]


async def test_a_contract_reminds_so_many_days_before_unless_it_was_renewed(sandbox: World) -> None:
    await rule(sandbox, EXPIRIES)
    staying, leaving = await sandbox.customer(), await sandbox.customer("Dominique Petit", email="d@example.org")
    expiring = await contract(sandbox, leaving, date(2026, 12, 24))
    await contract(sandbox, staying, date(2026, 12, 24), status="renewed")
    await sandbox.set_clock(datetime(2026, 11, 24, 10, 5, tzinfo=UTC))

    await run_jobs(sandbox)
    await sandbox.happens(ContractChanged(leaving, expiring, "updated", "active"))

    assert await sandbox.all("reminder", "customer_id, contract_id, target_on, days_before") == [
        (leaving, expiring, date(2026, 12, 24), 30)
    ]
    assert await sandbox.all("task", "title") == [("Renouveler Dominique Petit",)]


async def test_a_rule_is_looked_at_as_soon_as_it_is_made_and_a_new_version_does_not_remind_again(
    sandbox: World,
) -> None:
    customer = await sandbox.customer(birth_date="1980-11-24")
    await sandbox.set_clock(datetime(2026, 11, 24, 10, 5, tzinfo=UTC))
    rule_id = await rule(sandbox, BIRTHDAYS)

    await sandbox.happens(ReminderRuleDefined(rule_id))
    await sandbox.owner.execute("update reminder_rule set version = 2")
    await sandbox.happens(ReminderRuleDefined(rule_id))

    assert await sandbox.all("task", "customer_id") == [(customer,)]


async def test_a_greeting_by_mail_waits_for_a_decent_hour_and_for_consent(sandbox: World) -> None:
    template = await sandbox.template("Anniversaire")
    await rule(sandbox, BIRTHDAYS | {"actions": [{"type": "email", "template_id": str(template)}]})
    wanted = await sandbox.customer(birth_date="1980-11-24")
    unasked = await sandbox.customer("Sans", consent=False, birth_date="1980-11-24", email="sans@example.org")
    await sandbox.set_clock(datetime(2026, 11, 23, 23, 1, tzinfo=UTC))

    await run_jobs(sandbox)
    await sandbox.deliveries().deliver_next()

    assert await sandbox.all("message", "customer_id, status, next_try_at") == [
        (wanted, "queued", datetime(2026, 11, 24, 7, tzinfo=UTC))
    ]
    outcomes = await sandbox.all("decision", "customer_id, outcome, reason", "outcome")
    assert outcomes == [(wanted, "sent", None), (unasked, "suppressed", "no_consent")]
    await sandbox.set_clock(datetime(2026, 11, 24, 7, 1, tzinfo=UTC))
    await sandbox.deliveries().deliver_next()
    assert await sandbox.all("message", "status") == [("sent",)]


async def test_two_schedulers_run_every_job_once(sandbox: World) -> None:
    await rule(sandbox, BIRTHDAYS)
    for number in range(20):
        await sandbox.customer(f"Client {number}", birth_date="1980-11-24", email=f"c{number}@example.org")
    await sandbox.set_clock(datetime(2026, 11, 24, 10, 15, tzinfo=UTC))

    await asyncio.gather(*(run_jobs(sandbox) for _ in range(4)))

    assert len(await sandbox.all("task")) == 20
    runs = await sandbox.all("job_run", "job, scheduled_for, status, attempts", "job")
    assert runs == [
        ("kpi_alerts", datetime(2026, 11, 24, 10, 10, tzinfo=UTC), "finished", 1),
        ("reminders", datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "finished", 1),
    ]


async def test_a_run_that_fails_is_on_record_and_tried_again(sandbox: World) -> None:
    await rule(sandbox, BIRTHDAYS)
    await sandbox.customer(birth_date="1980-11-24")
    await sandbox.set_clock(datetime(2026, 11, 24, 10, 5, tzinfo=UTC))
    await sandbox.owner.execute("alter table task add constraint broken check (title is null)")

    await run_jobs(sandbox)
    assert await sandbox.all("job_run", "status, error like '%broken%'", "job desc limit 1") == [("failed", True)]
    assert await sandbox.all("reminder") == []

    await sandbox.owner.execute("alter table task drop constraint broken")
    await sandbox.pass_time(timedelta(minutes=2))
    await run_jobs(sandbox)
    assert await sandbox.all("job_run", "status, attempts", "job desc limit 1") == [("finished", 2)]
    assert len(await sandbox.all("task")) == 1
