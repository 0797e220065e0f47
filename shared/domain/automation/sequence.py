"""A follow-up sequence: what starts it, what it does, what ends it; and the reading of its JSON."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time, tzinfo
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.domain.automation.consequences import events_caused_by
from shared.domain.automation.documents import Code, Faults, Section
from shared.domain.automation.layout import Place, lay_out
from shared.domain.automation.step_reading import RuleReader, StepReading, read_steps
from shared.domain.automation.steps import Email, Step
from shared.domain.automation.windows import Window
from shared.domain.calendar import WEEKDAYS, zone_named
from shared.domain.durations import Duration

MAX_DAILY_CAP: Final = 1_000_000
CUSTOMER_ZONE: Final = "customer"
WORKSPACE_ZONE: Final = "workspace"
_ALWAYS_ENDS: Final = ("customer.deleted",)
_ENDS_WRITING: Final = ("customer.unsubscribed", "message.bounced", "message.complained")
_HOLIDAYS: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class TriggerType(StrEnum):
    SEGMENT_ENTERED = "segment_entered"
    SEGMENT_LEFT = "segment_left"
    EVENT = "event"
    MANUAL = "manual"


class ReentryMode(StrEnum):
    """How often a customer may run through a sequence. No mode allows two runs at the same time."""

    NEVER = "never"
    AFTER_EXIT = "after_exit"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Trigger:
    """`segment_id` belongs to the segment triggers, `event` and the opaque `rule` to the event trigger."""

    type: TriggerType
    segment_id: UUID | None = None
    event: str | None = None
    rule: object = None


@dataclass(frozen=True, slots=True)
class Reentry:
    """`min_gap` counts from the last end (`after_exit`) or from the last start (`always`)."""

    mode: ReentryMode = ReentryMode.NEVER
    min_gap: Duration = field(default_factory=Duration)


@dataclass(frozen=True, slots=True)
class SendWindow:
    """When messages may leave. `timezone` is customer, workspace or an IANA name; `holidays` names a calendar."""

    days: frozenset[str]
    opens: time
    closes: time
    timezone: str = CUSTOMER_ZONE
    holidays: str | None = None

    def on(self, holidays: frozenset[date]) -> Window:
        """The window once the days of its holiday calendar are known; without a calendar they do not count."""
        return Window(((self.opens, self.closes),), self.days, holidays if self.holidays else frozenset())

    def zone(self, *, customer: tzinfo | None, workspace: tzinfo) -> tzinfo:
        """The zone the window is read in; a customer without one is met in the workspace's."""
        if self.timezone == CUSTOMER_ZONE:
            return customer or workspace
        return workspace if self.timezone == WORKSPACE_ZONE else zone_named(self.timezone)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A valid definition. `places` is its layout by path; see `layout`."""

    name: str
    trigger: Trigger
    steps: tuple[Step, ...]
    reentry: Reentry = field(default_factory=Reentry)
    exit_on: tuple[str, ...] = ()
    goal: object = None
    send_window: SendWindow | None = None
    daily_cap: int | None = None
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    @property
    def ends_on(self) -> tuple[str, ...]:
        """The events that end a run: those it names, and those after which going on would be wrong in any case."""
        writes = any(isinstance(place.step, Email) for place in self.places.values())
        return tuple(dict.fromkeys((*self.exit_on, *_ALWAYS_ENDS, *(_ENDS_WRITING if writes else ()))))


def parse_sequence(document: object, *, known_events: Collection[str], read_rule: RuleReader) -> Sequence:
    """Read and check a definition; raises `InvalidDefinition` with every fault.

    `known_events` are the names of the event catalogue; `read_rule` turns the JSON of a rule into what the engine's
    facts can judge, and raises RuleError.
    """
    faults = Faults()
    section = Section(document, "#", faults)
    reading = StepReading(read_rule)
    name = section.text("name", max_length=200)
    trigger = _read_trigger(section, known_events, reading)
    reentry = _read_reentry(section)
    exit_on = section.choices("exit_on", known_events, Code.UNKNOWN_EVENT)
    steps = read_steps(section, "steps", reading)
    if section.readable and not section.raw("steps"):
        section.fault("steps", Code.REQUIRED, "a sequence needs at least one step")
    goal = reading.rule(section, "goal") if section.raw("goal") is not None else None
    window = _read_send_window(section)
    daily_cap = section.integer("daily_cap", low=1, high=MAX_DAILY_CAP)
    section.close()
    _refuse_visible_loop(section, trigger, reentry, steps)
    faults.refuse_any()
    places = {place.path: place for place in lay_out(steps)}
    return Sequence(name, trigger, steps, reentry, exit_on, goal, window, daily_cap, places)


def _read_trigger(parent: Section, known_events: Collection[str], reading: StepReading) -> Trigger:
    if parent.required("trigger") is None:
        return Trigger(TriggerType.MANUAL)
    section = Section(parent.raw("trigger"), parent.at("trigger"), parent.faults)
    if not section.text("type"):
        return Trigger(TriggerType.MANUAL)
    kind = section.choice("type", TriggerType, TriggerType.MANUAL, Code.UNSUPPORTED_TRIGGER)
    if kind != section.raw("type"):
        return Trigger(kind)
    segment_id, event, rule = None, None, None
    if kind in {TriggerType.SEGMENT_ENTERED, TriggerType.SEGMENT_LEFT}:
        segment_id = section.uuid("segment_id")
    elif kind is TriggerType.EVENT:
        event = section.text("event")
        if event and event not in known_events:
            section.fault("event", Code.UNKNOWN_EVENT, f"{event[:60]!r} is not an event of the catalogue")
        rule = reading.rule(section, "rule") if section.raw("rule") is not None else None
    section.close()
    return Trigger(kind, segment_id, event, rule)


def _read_reentry(parent: Section) -> Reentry:
    section = parent.section("reentry")
    if section is None:
        return Reentry()
    reentry = Reentry(
        section.choice("mode", ReentryMode, ReentryMode.NEVER),
        section.duration("min_gap", Duration()),
    )
    section.close()
    return reentry


def _read_send_window(parent: Section) -> SendWindow | None:
    section = parent.section("send_window")
    if section is None:
        return None
    days = frozenset(section.choices("days", WEEKDAYS))
    if section.raw("days") == []:
        section.fault("days", Code.REQUIRED, "at least one day is needed")
    opens, closes = section.time("from"), section.time("to")
    timezone = section.text("timezone", default=CUSTOMER_ZONE)
    if timezone and timezone not in {CUSTOMER_ZONE, WORKSPACE_ZONE} and not _is_zone(timezone):
        section.fault("timezone", Code.BAD_TIMEZONE, "give customer, workspace or an IANA time zone")
    holidays = section.text("holidays", default="")
    if holidays and not _HOLIDAYS.fullmatch(holidays):
        section.fault("holidays", Code.BAD_VALUE, "holidays are named by country, such as FR")
    section.close()
    return SendWindow(days or frozenset(WEEKDAYS), opens, closes, timezone, holidays or None)


def _is_zone(name: str) -> bool:
    try:
        zone_named(name)
    except LookupError:
        return False
    return True


def _refuse_visible_loop(section: Section, trigger: Trigger, reentry: Reentry, steps: tuple[Step, ...]) -> None:
    """A sequence that may be entered again must not be started by what it does itself."""
    if reentry.mode is not ReentryMode.NEVER and trigger.event in events_caused_by(steps):
        section.fault("trigger", Code.VISIBLE_LOOP, f"the sequence causes {trigger.event} and would start itself again")
