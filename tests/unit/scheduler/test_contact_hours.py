"""When we may contact somebody: calling hours, holidays, quiet hours, send windows (contact_policy)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.contact_rules import Channel, Kind, Purpose, RuleId, french_policy, quiet_hours
from services.scheduler.domain.contacts import Allowed, Moved, Refused, SequenceLimits
from services.scheduler.domain.ledger import Reason
from shared.domain.automation.windows import Window
from tests.unit.scheduler.contacting import HOLIDAYS, PARIS, POLICY, ask, paris

AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
EVERY_NIGHT = replace(POLICY, windows=(quiet_hours(time(21), time(8), frozenset(Channel)),))
OFFICE = Window(((time(9), time(18)),), frozenset({"mon", "tue", "wed", "thu", "fri"}), HOLIDAYS)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-24T09:59", "2026-11-24T10:00"),
        ("2026-11-24T10:00", None),
        ("2026-11-24T12:59:59", None),
        ("2026-11-24T13:00", "2026-11-24T14:00"),
        ("2026-11-24T14:00", None),
        ("2026-11-24T19:59", None),
        ("2026-11-24T20:00", "2026-11-25T10:00"),
        ("2026-11-27T20:00", "2026-11-30T10:00"),  # Friday evening waits for Monday.
        ("2026-11-28T11:00", "2026-11-30T10:00"),  # Saturday
        ("2026-11-29T11:00", "2026-11-30T10:00"),  # Sunday
    ],
)
def test_a_person_is_called_monday_to_friday_from_10_to_13_and_from_14_to_20(at: str, until: str | None) -> None:
    expected = Moved(paris(until), Reason.CALL_WINDOW, RuleId.PHONE_HOURS) if until else Allowed()
    assert ask(Channel.PHONE, at=paris(at)) == expected


def test_a_person_is_not_called_on_a_public_holiday() -> None:
    christmas = paris("2026-12-25T11:00")  # A Friday
    assert ask(Channel.PHONE, at=christmas) == Moved(
        paris("2026-12-28T10:00"), Reason.HOLIDAY_MOVED, RuleId.PHONE_HOURS
    )


def test_a_closed_hour_of_a_holiday_is_about_the_hour() -> None:
    night = ask(Channel.PHONE, at=paris("2026-12-25T23:00"))
    assert night == Moved(paris("2026-12-28T10:00"), Reason.CALL_WINDOW, RuleId.PHONE_HOURS)


def test_the_holidays_of_alsace_moselle_are_an_option() -> None:
    good_friday = paris("2026-04-03T11:00")
    alsace = french_policy(HOLIDAYS | {date(2026, 4, 3)})
    assert ask(Channel.PHONE, at=good_friday) == Allowed()
    assert ask(Channel.PHONE, at=good_friday, policy=alsace) == Moved(
        paris("2026-04-06T10:00"), Reason.HOLIDAY_MOVED, RuleId.PHONE_HOURS
    )


def test_the_calling_hours_are_those_of_the_person_from_auckland_to_honolulu() -> None:
    moment = datetime(2026, 11, 24, 11, tzinfo=UTC)  # 12:00 in Paris, 00:00 in Auckland, 01:00 in Honolulu.
    assert ask(Channel.PHONE, at=moment, zone=PARIS) == Allowed()
    for zone, opens in ((AUCKLAND, datetime(2026, 11, 25, 10)), (HONOLULU, datetime(2026, 11, 24, 10))):
        assert ask(Channel.PHONE, at=moment, zone=zone) == Moved(
            opens.replace(tzinfo=zone), Reason.CALL_WINDOW, RuleId.PHONE_HOURS
        )


def test_companies_and_service_calls_are_not_bound_to_the_calling_hours() -> None:
    evening = paris("2026-11-28T21:00")
    assert ask(Channel.PHONE, at=evening, kind=Kind.COMPANY) == Allowed()
    assert ask(Channel.PHONE, at=evening, purpose=Purpose.SERVICE) == Allowed()


@pytest.mark.parametrize(
    ("at", "until", "reason"),
    [
        ("2026-11-28T21:59", None, None),  # Saturday
        ("2026-11-28T22:00", "2026-11-30T08:00", Reason.QUIET_HOURS_MOVED),
        ("2026-11-29T12:00", "2026-11-30T08:00", Reason.QUIET_HOURS_MOVED),  # Sunday
        ("2026-12-25T12:00", "2026-12-26T08:00", Reason.HOLIDAY_MOVED),
    ],
)
def test_marketing_texts_go_out_by_day_and_never_on_sundays_and_holidays(
    at: str, until: str | None, reason: Reason | None
) -> None:
    expected = Moved(paris(until), reason, RuleId.SMS_HOURS) if until and reason else Allowed()
    assert ask(Channel.SMS, at=paris(at)) == expected


def test_emails_may_be_sent_at_any_hour_unless_the_workspace_says_otherwise() -> None:
    assert ask(Channel.EMAIL, at=paris("2026-11-29T03:00")) == Allowed()


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-24T20:59", None),
        ("2026-11-24T21:00", "2026-11-25T08:00"),
        ("2026-11-25T02:00", "2026-11-25T08:00"),
        ("2026-11-25T08:00", None),
    ],
)
@pytest.mark.parametrize("purpose", list(Purpose))
def test_quiet_hours_that_cross_midnight_move_every_message_to_the_morning(
    purpose: Purpose, at: str, until: str | None
) -> None:
    expected = Moved(paris(until), Reason.QUIET_HOURS_MOVED, RuleId.QUIET_HOURS) if until else Allowed()
    assert ask(Channel.EMAIL, at=paris(at), policy=EVERY_NIGHT, purpose=purpose) == expected


def test_quiet_hours_end_on_the_wall_clock_on_the_nights_clocks_change() -> None:
    for night, offset in (("2026-03-29T00:30", "+02:00"), ("2026-10-25T00:30", "+01:00")):
        answer = ask(Channel.EMAIL, at=paris(night), policy=EVERY_NIGHT)
        assert isinstance(answer, Moved)
        assert answer.until == datetime.fromisoformat(f"{night[:10]}T08:00{offset}")


def test_a_message_is_moved_to_the_send_window_of_its_sequence() -> None:
    limits = SequenceLimits(window=OFFICE, zone=PARIS)
    assert ask(Channel.EMAIL, at=paris("2026-11-24T17:59"), limits=limits) == Allowed()
    assert ask(Channel.EMAIL, at=paris("2026-11-27T18:00"), limits=limits) == Moved(
        paris("2026-11-30T09:00"), Reason.QUIET_HOURS_MOVED, RuleId.SEND_WINDOW
    )


def test_a_send_window_passes_over_holidays_and_says_so() -> None:
    limits = SequenceLimits(window=OFFICE, zone=PARIS)
    assert ask(Channel.EMAIL, at=paris("2026-12-25T11:00"), limits=limits) == Moved(
        paris("2026-12-28T09:00"), Reason.HOLIDAY_MOVED, RuleId.SEND_WINDOW
    )


def test_a_send_window_is_read_in_its_own_zone() -> None:
    moment = datetime(2026, 11, 24, 7, tzinfo=UTC)  # 08:00 in Paris, 20:00 in Auckland.
    in_paris = SequenceLimits(window=OFFICE, zone=PARIS)
    assert ask(Channel.EMAIL, at=moment, zone=AUCKLAND, limits=in_paris) == Moved(
        datetime(2026, 11, 24, 8, tzinfo=UTC), Reason.QUIET_HOURS_MOVED, RuleId.SEND_WINDOW
    )


def test_a_moved_message_lands_where_every_window_is_open() -> None:
    long_evening = SequenceLimits(window=Window(((time(19), time(23)),)), zone=PARIS)
    answer = ask(Channel.SMS, at=paris("2026-11-28T22:30"), limits=long_evening)
    assert answer == Moved(paris("2026-11-30T19:00"), Reason.QUIET_HOURS_MOVED, RuleId.SMS_HOURS)
    assert ask(Channel.SMS, at=paris("2026-11-30T19:00"), limits=long_evening) == Allowed()


def test_a_full_day_moves_to_the_next_send_window() -> None:
    full = SequenceLimits(window=OFFICE, zone=PARIS, daily_cap=10, sent_today=10)
    assert ask(Channel.EMAIL, at=paris("2026-11-27T10:00"), limits=full) == Moved(
        paris("2026-11-30T09:00"), Reason.FREQUENCY_CAP, RuleId.DAILY_CAP
    )


def test_windows_that_never_open_together_refuse_and_name_the_closed_one() -> None:
    nights = SequenceLimits(window=Window(((time(21), time(23)),)), zone=PARIS)
    assert ask(Channel.PHONE, at=paris("2026-11-24T11:00"), limits=nights) == Refused(
        Reason.QUIET_HOURS_MOVED, RuleId.SEND_WINDOW
    )
