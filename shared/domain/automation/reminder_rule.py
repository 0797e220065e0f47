"""A reminder rule as a value, and the reading of its JSON: what to remind of, how long before, what happens then."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from shared.domain.automation.cadence import BIRTHDAY, CONTRACT_EXPIRY, Cadence, LeapDay, days_before
from shared.domain.automation.catch_up import CatchUp, Mode
from shared.domain.automation.documents import Code, Faults, Section
from shared.domain.automation.step_reading import READERS
from shared.domain.automation.steps import Email, Notify, Task

MAX_DAYS_BEFORE: Final = 3660
MAX_GRACE_DAYS: Final = 60
_ACTIONS: Final = ("task", "notify", "email")

Action = Task | Notify | Email


class ReminderKind(StrEnum):
    BIRTHDAY = "birthday"
    CONTRACT_EXPIRY = "contract_expiry"


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """`actions` are told apart by their ids (task-0, email-1 …): type and place in the list."""

    name: str
    kind: ReminderKind
    cadence: Cadence
    actions: tuple[Action, ...]
    catch_up: CatchUp = field(default_factory=CatchUp)


def parse_reminder_rule(document: object) -> ReminderRule:
    """Read and check a rule; raises `InvalidDefinition` with every fault."""
    faults = Faults()
    section = Section(document, "#", faults)
    name = section.text("name", max_length=200)
    kind = _read_kind(section)
    rule = ReminderRule(name, kind, _read_cadence(section, kind), _read_actions(section), _read_catch_up(section))
    section.close()
    faults.refuse_any()
    return rule


def _read_kind(section: Section) -> ReminderKind:
    section.required("kind")
    return section.choice("kind", ReminderKind, ReminderKind.BIRTHDAY, Code.UNSUPPORTED_KIND)


def _read_cadence(section: Section, kind: ReminderKind) -> Cadence:
    yearly = kind is ReminderKind.BIRTHDAY
    leap_day = section.choice("leap_day", LeapDay, LeapDay.FEBRUARY_28) if yearly else LeapDay.FEBRUARY_28
    days = tuple(_read_days(section))
    usual = BIRTHDAY.offsets if yearly else CONTRACT_EXPIRY
    return Cadence(days_before(*days) or usual, yearly, leap_day)


def _read_days(section: Section) -> list[int]:
    """Distinct whole days, the longest notice first."""
    days = set()
    for index, item in enumerate(section.items("days_before")):
        if isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= MAX_DAYS_BEFORE:
            days.add(item)
        else:
            pointer = f"{section.at('days_before')}/{index}"
            section.faults.note(pointer, Code.BAD_VALUE, f"days are whole numbers from 0 to {MAX_DAYS_BEFORE}")
    return sorted(days, reverse=True)


def _read_actions(parent: Section) -> tuple[Action, ...]:
    if parent.readable and not parent.raw("actions"):
        parent.fault("actions", Code.REQUIRED, "a reminder needs at least one action")
    actions = (_read_action(section, index) for index, section in enumerate(parent.sections("actions")))
    return tuple(action for action in actions if action)


def _read_action(section: Section, index: int) -> Action | None:
    kind = section.text("type")
    if kind not in _ACTIONS:
        if kind:
            section.fault("type", Code.UNSUPPORTED_ACTION, f"actions of type {kind[:60]!r} are not supported")
        return None
    action = READERS[kind](section, f"{kind}-{index}")
    section.close()
    return action if isinstance(action, Task | Notify | Email) else None


def _read_catch_up(parent: Section) -> CatchUp:
    section = parent.section("catch_up")
    if section is None:
        return CatchUp()
    grace = section.integer("grace_days", low=0, high=MAX_GRACE_DAYS, default=CatchUp().grace_days)
    catch_up = CatchUp(section.choice("mode", Mode, Mode.SEND_LATE), grace or 0)
    section.close()
    return catch_up
