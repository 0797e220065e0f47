"""What a run owes after downtime: the days it must look at, and what becomes of the occurrences it missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.automation.cadence import Occurrence

MAX_DAYS_BACK: Final = 366


class Mode(StrEnum):
    """`send_late` acts on each missed occurrence, `skip` on none, `merge` once for all of them."""

    SEND_LATE = "send_late"
    SKIP = "skip"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Occurrences older than `grace_days` are missed for good: nobody is wished a happy birthday of last month."""

    mode: Mode = Mode.SEND_LATE
    grace_days: int = 3


@dataclass(frozen=True, slots=True)
class Settlement:
    """Every occurrence of the window is in exactly one of these; each gets its row in the ledger."""

    due: tuple[Occurrence, ...]
    merged: tuple[Occurrence, ...]
    missed: tuple[Occurrence, ...]


def catch_up_window(last_finished: date | None, today: date) -> tuple[date, date]:
    """From the day after the last finished run to today, both included.

    Today is always in it: a date edited to today after the morning run still fires, and the occurrence key keeps what
    already fired from firing again. A first run looks at today only. A year of downtime is the most that is accounted.
    """
    start = today if last_finished is None else min(last_finished + timedelta(days=1), today)
    return max(start, today - timedelta(days=MAX_DAYS_BACK)), today


def settle(found: Iterable[Occurrence], today: date, catch_up: CatchUp) -> Settlement:
    """Decide what becomes of one subject's occurrences of one rule.

    Merging keeps the latest and folds the earlier ones into it.
    """
    ordered = sorted(found)
    grace = 0 if catch_up.mode is Mode.SKIP else catch_up.grace_days
    alive = [item for item in ordered if (today - item.on).days <= grace]
    missed = tuple(ordered[: len(ordered) - len(alive)])
    if catch_up.mode is Mode.MERGE:
        return Settlement(tuple(alive[-1:]), tuple(alive[:-1]), missed)
    return Settlement(tuple(alive), (), missed)
