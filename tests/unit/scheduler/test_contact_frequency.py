"""How often we may contact somebody: attempts, silence after a refusal, caps (contact_policy)."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.contact_rules import Channel, FrequencyCap, Kind, Purpose, RuleId
from services.scheduler.domain.contacts import Allowed, Contact, History, Moved, Refused, SequenceLimits
from services.scheduler.domain.ledger import Reason
from tests.unit.scheduler.contacting import PARIS, POLICY, ask, contacted, paris

TOO_MANY_CALLS = Refused(Reason.FREQUENCY_CAP, RuleId.PHONE_ATTEMPTS)
SILENCE = Refused(Reason.NO_CONSENT, RuleId.PHONE_SILENCE)
CAPPED = Refused(Reason.FREQUENCY_CAP, RuleId.CAP)
FOUR_CALLS = contacted(
    Channel.PHONE, "2026-10-26T10:30", "2026-10-27T10:30", "2026-10-28T10:30", "2026-10-29T10:30"
)  # fmt: skip


def test_a_person_is_called_at_most_four_times_in_thirty_days() -> None:
    three = History(FOUR_CALLS.contacts[:3])
    assert ask(Channel.PHONE, history=three) == Allowed()
    assert ask(Channel.PHONE, history=FOUR_CALLS) == TOO_MANY_CALLS


def test_the_thirty_days_are_calendar_days_and_today_is_one_of_them() -> None:
    assert ask(Channel.PHONE, history=FOUR_CALLS, at=paris("2026-11-24T19:59")) == TOO_MANY_CALLS
    assert ask(Channel.PHONE, history=FOUR_CALLS, at=paris("2026-11-25T10:00")) == Allowed()


def test_emails_are_no_attempts_to_call_and_companies_may_be_called_more_often() -> None:
    mails = History(tuple(replace(contact, channel=Channel.EMAIL) for contact in FOUR_CALLS.contacts))
    assert ask(Channel.PHONE, history=mails) == Allowed()
    assert ask(Channel.PHONE, history=FOUR_CALLS, kind=Kind.COMPANY) == Allowed()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-04T15:00", SILENCE),
        ("2026-11-02T19:59", SILENCE),  # The 60th day.
        ("2026-11-03T10:00", Allowed()),
    ],
)
def test_sixty_days_of_silence_follow_a_refusal(at: str, expected: Refused | Allowed) -> None:
    history = History(phone_refused_at=paris("2026-09-03T18:30"))
    assert ask(Channel.PHONE, history=history, at=paris(at)) == expected


def test_the_silence_is_about_calls_to_persons() -> None:
    history = History(phone_refused_at=paris("2026-11-23T18:30"))
    assert ask(Channel.EMAIL, history=history) == Allowed()
    assert ask(Channel.PHONE, history=history, kind=Kind.COMPANY) == Allowed()
    assert ask(Channel.PHONE, history=history, purpose=Purpose.SERVICE) == Allowed()


def test_a_cap_of_a_channel_counts_that_channel_only() -> None:
    policy = replace(POLICY, caps=(FrequencyCap(limit=2, days=7, channel=Channel.EMAIL),))
    two_mails = contacted(Channel.EMAIL, "2026-11-18T09:00", "2026-11-23T09:00")
    two_calls = contacted(Channel.PHONE, "2026-11-18T10:30", "2026-11-23T10:30")
    assert ask(Channel.EMAIL, policy=policy, history=two_mails) == CAPPED
    assert ask(Channel.EMAIL, policy=policy, history=two_calls) == Allowed()
    assert ask(Channel.SMS, policy=policy, history=two_mails) == Allowed()


def test_a_cap_in_all_counts_every_channel() -> None:
    policy = replace(POLICY, caps=(FrequencyCap(limit=2, days=7),))
    mixed = History(
        (Contact(Channel.EMAIL, paris("2026-11-18T09:00")), Contact(Channel.PHONE, paris("2026-11-23T10:30")))
    )
    for channel in Channel:
        assert ask(channel, policy=policy, history=mixed) == CAPPED


def test_a_cap_forgets_what_is_older_than_its_days() -> None:
    policy = replace(POLICY, caps=(FrequencyCap(limit=1, days=7),))
    assert ask(Channel.EMAIL, policy=policy, history=contacted(Channel.EMAIL, "2026-11-17T23:59")) == Allowed()
    assert ask(Channel.EMAIL, policy=policy, history=contacted(Channel.EMAIL, "2026-11-18T00:00")) == CAPPED


def test_the_days_of_a_cap_are_those_of_the_recipient() -> None:
    policy = replace(POLICY, caps=(FrequencyCap(limit=1, days=1),))
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    history = History((Contact(Channel.EMAIL, datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),))
    assert ask(Channel.EMAIL, policy=policy, history=history, at=at, zone=PARIS) == CAPPED
    # In Auckland it was 23:30 then, and is tomorrow now.
    assert ask(Channel.EMAIL, policy=policy, history=history, at=at, zone=ZoneInfo("Pacific/Auckland")) == Allowed()


def test_service_messages_are_not_capped() -> None:
    policy = replace(POLICY, caps=(FrequencyCap(limit=1, days=7),))
    history = contacted(Channel.EMAIL, "2026-11-24T09:00")
    assert ask(Channel.EMAIL, policy=policy, history=history, purpose=Purpose.SERVICE) == Allowed()


def test_a_full_day_of_a_sequence_waits_for_the_next_day_and_drops_nobody() -> None:
    full = SequenceLimits(zone=PARIS, daily_cap=500, sent_today=500)
    assert ask(Channel.EMAIL, limits=full) == Moved(paris("2026-11-25T00:00"), Reason.FREQUENCY_CAP, RuleId.DAILY_CAP)
    assert ask(Channel.EMAIL, limits=replace(full, sent_today=499)) == Allowed()


def test_the_default_caps_stop_a_runaway_automation() -> None:
    week = [f"2026-11-{day}T09:00" for day in range(18, 25)]
    assert ask(Channel.EMAIL, history=contacted(Channel.EMAIL, *week[:6])) == Allowed()
    assert ask(Channel.EMAIL, history=contacted(Channel.EMAIL, *week)) == CAPPED
