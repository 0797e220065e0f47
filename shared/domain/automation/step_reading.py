"""From the JSON of `steps` to the tree of steps: every kind that is supported, and clear refusals of the others."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from shared.domain.automation.documents import Code, Section
from shared.domain.automation.steps import OWNER, TEAM, Branch, Email, Exit, Notify, Step, Task, Variant, Wait
from shared.domain.durations import Duration
from shared.domain.rules.faults import RuleError

MAX_STEPS: Final = 100
MAX_DEPTH: Final = 5
MAX_WEIGHT: Final = 1000
_STEP_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")

# Reads the JSON of a rule, given the ids of the e-mail steps it may ask about; raises RuleError. What it returns is
# kept as it is and handed back to whoever judges conditions.
RuleReader = Callable[[object, tuple[str, ...]], object]


@dataclass(slots=True)
class StepReading:
    """What one reading of a definition has seen so far."""

    read_rule: RuleReader
    ids: set[str] = field(default_factory=set)
    emails: list[str] = field(default_factory=list)
    count: int = 0

    def rule(self, section: Section, name: str) -> object:
        """The rule in that field. It may ask about every e-mail read so far."""
        document = section.required(name)
        if document is None:
            return None
        try:
            return self.read_rule(document, tuple(self.emails))
        except RuleError as error:
            section.faults.note_rule(section.at(name), error)
            return None


def read_steps(parent: Section, name: str, reading: StepReading, depth: int = 1) -> tuple[Step, ...]:
    """The list of steps in that field; its faults are noted in the section."""
    if depth > MAX_DEPTH and parent.raw(name):
        parent.fault(name, Code.TOO_DEEP, f"branches are nested more than {MAX_DEPTH - 1} deep")
        return ()
    return tuple(step for section in parent.sections(name) if (step := _read_step(section, reading, depth)))


def _read_step(section: Section, reading: StepReading, depth: int) -> Step | None:
    if not section.readable:
        return None
    reading.count += 1
    if reading.count == MAX_STEPS + 1:
        section.faults.note(section.pointer, Code.TOO_MANY, f"a sequence has at most {MAX_STEPS} steps")
    step_id, kind = _read_id(section, reading), section.text("type")
    if kind == "branch":
        step: Step = _read_branch(section, step_id, reading, depth)
    elif kind in READERS:
        step = READERS[kind](section, step_id)
    else:
        if kind:
            section.fault("type", Code.UNSUPPORTED_STEP, f"steps of type {kind[:60]!r} are not supported")
        return None
    if isinstance(step, Email):
        reading.emails.append(step_id)
    section.close()
    return step


def _read_id(section: Section, reading: StepReading) -> str:
    step_id = section.text("id")
    if step_id and not _STEP_ID.fullmatch(step_id):
        section.fault("id", Code.BAD_VALUE, "an id is made of up to 40 letters, digits, - and _")
    elif step_id in reading.ids:
        section.fault("id", Code.DUPLICATE_ID, f"the id {step_id!r} is used twice")
    reading.ids.add(step_id)
    return step_id


def _read_branch(section: Section, step_id: str, reading: StepReading, depth: int) -> Branch:
    condition = reading.rule(section, "if")
    then = read_steps(section, "then", reading, depth + 1)
    otherwise = read_steps(section, "else", reading, depth + 1)
    if not section.raw("then") and not section.raw("else"):
        section.fault("then", Code.REQUIRED, "a branch needs steps in then or in else")
    return Branch(step_id, condition, then, otherwise)


def _read_email(section: Section, step_id: str) -> Email:
    """One template, or several variants with weights."""
    if section.raw("variants") is None:
        template_id = section.uuid("template_id")
        return Email(step_id, (Variant(template_id),) if template_id else ())
    if section.raw("template_id") is not None:
        section.fault("template_id", Code.BAD_VALUE, "give template_id or variants, not both")
    variants = tuple(variant for item in section.sections("variants") if (variant := _read_variant(item)))
    if section.raw("variants") == []:
        section.fault("variants", Code.REQUIRED, "at least one variant is needed")
    return Email(step_id, variants)


def _read_variant(section: Section) -> Variant | None:
    template_id = section.uuid("template_id")
    weight = section.integer("weight", low=1, high=MAX_WEIGHT, default=1)
    section.close()
    return Variant(template_id, weight or 1) if template_id else None


def _read_wait(section: Section, step_id: str) -> Wait:
    return Wait(step_id, section.duration("for"))


def _read_task(section: Section, step_id: str) -> Task:
    title = section.text("title", max_length=200)
    return Task(step_id, title, _read_person(section, "assignee"), section.duration("due", Duration()))


def _read_notify(section: Section, step_id: str) -> Notify:
    return Notify(step_id, _read_person(section, "to", TEAM), section.text("message", max_length=2000))


def _read_exit(section: Section, step_id: str) -> Exit:
    return Exit(step_id, section.text("reason", default="", max_length=200) or None)


def _read_person(section: Section, name: str, *others: str) -> str:
    """The customer's owner unless said otherwise; any user by id."""
    value = section.text(name, default=OWNER)
    if value in {OWNER, *others}:
        return value
    try:
        return str(UUID(value))
    except ValueError:
        section.fault(name, Code.BAD_VALUE, f"{name} must be {' or '.join((OWNER, *others))} or the id of a user")
        return OWNER


# The steps that stand alone, by type; each reader gets the section and the id of its step.
READERS: Final[dict[str, Callable[[Section, str], Email | Wait | Task | Notify | Exit]]] = {
    "email": _read_email,
    "wait": _read_wait,
    "task": _read_task,
    "notify": _read_notify,
    "exit": _read_exit,
}
