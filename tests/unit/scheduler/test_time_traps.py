"""The traps of time, all at once: a year of virtual time, hour by hour, from Auckland to Honolulu."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.contact_policy import decide
from services.scheduler.domain.contact_rules import Channel, Kind, french_policy
from services.scheduler.domain.contacts import Allowed, History, Moved, Recipient
from services.scheduler.domain.ledger import reminder_key
from services.scheduler.domain.progress import End, MayEnroll, Pause, Run, may_enroll, next_action
from shared.domain.automation.cadence import BIRTHDAY, EXPIRY, Occurrence, occurrences
from shared.domain.automation.catch_up import CatchUp, catch_up_window, settle
from shared.domain.calendar import instant, local_day
from tests.unit.automation.defining import email, facts, read, wait, with_steps
from tests.unit.scheduler.contacting import paris

ZONES = {name: ZoneInfo(name) for name in ("Pacific/Auckland", "Europe/Paris", "Pacific/Honolulu")}
BORN = {
    "new_year": date(1980, 1, 1),
    "leap_day": date(1992, 2, 29),
    "spring_change": date(1985, 3, 29),
    "autumn_change": date(1985, 10, 25),
    "new_years_eve": date(1970, 12, 31),
}


@cache
def found(born: date, start: date, end: date) -> tuple[Occurrence, ...]:
    return occurrences(BIRTHDAY, born, start, end)


def greetings(
    first: datetime, hours: int, zone: ZoneInfo, born: dict[str, date], down: range = range(0)
) -> dict[str, list[date]]:
    """The local days on which each is greeted by an hourly run with a ledger of keys, asleep in the hours of `down`."""
    sent: dict[str, list[date]] = {name: [] for name in born}
    ledger: set[str] = set()
    last_finished: date | None = None
    for hour in range(hours):
        if hour in down:
            continue
        today = local_day(first + timedelta(hours=hour), zone)
        window = catch_up_window(last_finished, today)
        for name, birthday in born.items():
            for due in settle(found(birthday, *window), today, CatchUp()).due:
                key = reminder_key(rule_id="birthday", version=1, subject_id=name, on=due.on, offset=due.offset)
                sent[name] += [] if key in ledger else [today]
                ledger.add(key)
        last_finished = today
    return sent


@pytest.mark.parametrize("zone_name", ZONES)
def test_in_a_year_of_virtual_time_everybody_is_greeted_once_and_on_the_local_day(zone_name: str) -> None:
    zone = ZONES[zone_name]
    first = datetime(2026, 1, 1, tzinfo=zone).astimezone(UTC)
    assert greetings(first, 365 * 24, zone, BORN) == {
        "new_year": [date(2026, 1, 1)],
        "leap_day": [date(2026, 2, 28)],
        "spring_change": [date(2026, 3, 29)],
        "autumn_change": [date(2026, 10, 25)],
        "new_years_eve": [date(2026, 12, 31)],
    }


@pytest.mark.parametrize(
    ("zone_name", "hour"), [("Pacific/Auckland", 12), ("Europe/Paris", 22), ("Pacific/Honolulu", 34)]
)
def test_a_birthday_begins_at_midnight_where_the_customer_lives_and_never_a_day_early(
    zone_name: str, hour: int
) -> None:
    first, zone = datetime(2026, 5, 3, tzinfo=UTC), ZONES[zone_name]
    zoe = {"zoe": date(1980, 5, 4)}
    assert greetings(first, hour, zone, zoe) == {"zoe": []}
    assert greetings(first, hour + 1, zone, zoe) == {"zoe": [date(2026, 5, 4)]}


@pytest.mark.parametrize(
    ("back_up_on", "greeted"),
    [
        (date(2026, 5, 4), [date(2026, 5, 4)]),
        (date(2026, 5, 7), [date(2026, 5, 7)]),  # Three days late, which is the grace.
        (date(2026, 5, 8), []),  # Too late: nobody is wished a happy birthday of last week.
    ],
)
def test_downtime_is_caught_up_within_grace_and_once(back_up_on: date, greeted: list[date]) -> None:
    first = datetime(2026, 5, 1, tzinfo=UTC)
    down = range(24, (back_up_on - first.date()).days * 24)
    assert greetings(first, 20 * 24, ZoneInfo("UTC"), {"zoe": date(1980, 5, 4)}, down) == {"zoe": greeted}


def test_a_clock_that_jumps_back_and_forth_greets_once() -> None:
    zone, keys = ZONES["Europe/Paris"], set()
    for hours in (0, 5, -48, 7, 30, 2, 96):
        today = local_day(paris("2026-05-04T08:00").astimezone(UTC) + timedelta(hours=hours), zone)
        for due in found(date(1980, 5, 4), *catch_up_window(None, today)):
            keys.add(reminder_key(rule_id="b", version=1, subject_id="zoe", on=due.on, offset=due.offset))
    assert keys == {"reminder/b/zoe/2026-05-04/P0D/v1"}


def test_a_year_of_contracts_that_end_on_month_ends_gives_four_reminders_each() -> None:
    month_ends = [date(2028, month + 1, 1) - timedelta(days=1) for month in range(1, 12)]
    for expiry in month_ends:
        found = occurrences(EXPIRY, expiry, date(2027, 1, 1), date(2028, 12, 31))
        assert [(expiry - item.on).days for item in found] == [90, 30, 7, 0]


def test_a_year_of_a_repeating_sequence_never_overlaps_and_never_runs_early() -> None:
    """One customer who triggers it every single day: enrolled again only 90 days after each exit."""
    sequence = read(
        with_steps(
            email("hello"), wait("pause", "P3D"), email("again"), reentry={"mode": "after_exit", "min_gap": "P90D"}
        )
    )
    runs: list[Run] = []
    paris_time = ZONES["Europe/Paris"]
    for day in range(365):
        now = instant(date(2026, 1, 1) + timedelta(days=day), time(9), paris_time)
        if isinstance(may_enroll(sequence, runs, now, paris_time), MayEnroll):
            action, done_at = next_action(sequence, None, facts(), now), now
            while not isinstance(action, End):
                done_at = action.due_at if isinstance(action, Pause) else done_at
                action = next_action(sequence, action.path, facts(), done_at)
            runs.append(Run(now, done_at))
    starts = [local_day(run.started_at, paris_time).isoformat() for run in runs]
    assert starts == ["2026-01-01", "2026-04-04", "2026-07-06", "2026-10-07"]


@pytest.mark.parametrize("zone_name", ZONES)
def test_in_a_year_of_hours_no_call_ever_lands_outside_the_calling_hours(zone_name: str) -> None:
    zone = ZONES[zone_name]
    policy, person = french_policy(frozenset({date(2026, 7, 14)})), Recipient(Kind.PERSON, "+33612345678", zone)
    for day in range(0, 365, 3):
        now = datetime(2025, 9, 1, day % 24, 30, tzinfo=UTC) + timedelta(days=day % 340)
        answer = decide(Channel.PHONE, person, policy, History(), now)
        called_at = answer.until if isinstance(answer, Moved) else now
        local = called_at.astimezone(zone)
        assert isinstance(answer, Moved | Allowed)
        assert local.weekday() < 5
        assert local.date() != date(2026, 7, 14)
        assert 10 <= local.hour < 13 or 14 <= local.hour < 20
