"""The pure heart of the engine: may this customer begin, and what comes next.

The engine keeps one position per enrollment, the path of the step it did last, and asks again. The same question gets
the same answer, so a restart between two steps changes nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from shared.domain.automation.layout import first_path
from shared.domain.automation.sequence import ReentryMode, Sequence
from shared.domain.automation.steps import Branch, Email, Exit, Notify, Task, Wait
from shared.domain.durations import add


class UnknownPosition(LookupError):
    """The position belongs to another version of the definition."""


class Ending(StrEnum):
    COMPLETED = "completed"
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class Facts:
    """The present state of one enrollment. `events` are the types of the customer's events since it began.

    `holds` judges a rule of the definition now: a branch's condition or the goal.
    """

    holds: Callable[[object], bool]
    zone: tzinfo
    events: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Perform:
    """Do this step; it is due at once, and the contact policy may still move a message."""

    path: str
    step: Email | Task | Notify
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Ask again at `due_at` with this path as the position."""

    path: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class End:
    """The run is over. Reasons: `finished`, `goal_reached`, the event of `ends_on`, or the exit step's own."""

    ending: Ending
    reason: str


Action = Perform | Pause | End


def next_action(sequence: Sequence, position: str | None, facts: Facts, now: datetime) -> Action:
    """What follows the step at `position` (None: the run has just begun), which was done at `now`.

    Exits come first, then the goal, then the steps. Branches are decided by the present facts, on the way.
    """
    end = _end_by_facts(sequence, facts)
    path = first_path(sequence.steps, "", None) if position is None else _place_after(sequence, position)
    while end is None and path is not None:
        place = sequence.places[path]
        match place.step:
            case Branch() as branch:
                path = _way_out(branch, path, place.after, facts)
            case Wait(duration=duration):
                return Pause(path, add(now.astimezone(facts.zone), duration).astimezone(UTC))
            case Exit(reason=reason):
                end = End(Ending.EXITED, reason or f"step:{path}")
            case step:
                return Perform(path, step, now)
    return end or End(Ending.COMPLETED, "finished")


def _end_by_facts(sequence: Sequence, facts: Facts) -> End | None:
    for event in sequence.ends_on:
        if event in facts.events:
            return End(Ending.EXITED, event)
    if sequence.goal is not None and facts.holds(sequence.goal):
        return End(Ending.COMPLETED, "goal_reached")
    return None


def _place_after(sequence: Sequence, position: str) -> str | None:
    if position not in sequence.places:
        raise UnknownPosition(f"{sequence.name!r} has no step at {position!r}")
    return sequence.places[position].after


def _way_out(branch: Branch, path: str, after: str | None, facts: Facts) -> str | None:
    if facts.holds(branch.condition):
        return first_path(branch.then, f"{path}/then/", after)
    return first_path(branch.otherwise, f"{path}/else/", after)


@dataclass(frozen=True, slots=True)
class Run:
    """A past or present run of one customer through one sequence; it still goes on while `ended_at` is None."""

    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MayEnroll:
    """Yes, as the `attempt`-th run of this customer."""

    attempt: int


class EnrollmentRefusal(StrEnum):
    STILL_RUNNING = "still_running"
    ALREADY_RAN = "already_ran"
    TOO_SOON = "too_soon"


@dataclass(frozen=True, slots=True)
class MayNotEnroll:
    reason: EnrollmentRefusal
    again_from: datetime | None = None


def may_enroll(
    sequence: Sequence, history: Collection[Run], now: datetime, zone: tzinfo = UTC
) -> MayEnroll | MayNotEnroll:
    """Apply the re-entry rule to every earlier run, of whatever version. No mode allows two runs at the same time.

    The days of the gap are those of the customer's `zone`.
    """
    if not history:
        return MayEnroll(attempt=1)
    if any(run.ended_at is None for run in history):
        return MayNotEnroll(EnrollmentRefusal.STILL_RUNNING)
    if sequence.reentry.mode is ReentryMode.NEVER:
        return MayNotEnroll(EnrollmentRefusal.ALREADY_RAN)
    again_from = add(_last(sequence.reentry.mode, history).astimezone(zone), sequence.reentry.min_gap).astimezone(UTC)
    if now < again_from:
        return MayNotEnroll(EnrollmentRefusal.TOO_SOON, again_from)
    return MayEnroll(attempt=len(history) + 1)


def _last(mode: ReentryMode, history: Collection[Run]) -> datetime:
    if mode is ReentryMode.ALWAYS:
        return max(run.started_at for run in history)
    return max(run.ended_at for run in history if run.ended_at is not None)
