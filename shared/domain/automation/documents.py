"""Reading a JSON definition field by field, noting everything that is wrong so that a user corrects it in one go.

A faulty field reads as its default and the reading goes on; nobody sees that value, because `Faults.refuse_any` ends
every reading that noted a fault.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from shared.domain.durations import Duration, InvalidDuration, parse_duration
from shared.domain.rules.faults import RuleError

MAX_TEXT: Final = 500
MAX_ITEMS: Final = 100
_LARGEST: Final = Decimal(10) ** 15
_Choice = TypeVar("_Choice", bound=StrEnum)


class Code(StrEnum):
    """The stable codes of what can be wrong; every one has its sentence in the text catalogue."""

    REQUIRED = "required"
    BAD_VALUE = "bad_value"
    TOO_LONG = "too_long"
    UNKNOWN_FIELD = "unknown_field"
    BAD_DURATION = "bad_duration"
    BAD_TIMEZONE = "bad_timezone"
    DUPLICATE_ID = "duplicate_id"
    TOO_MANY = "too_many"
    TOO_DEEP = "too_deep"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_METRIC = "unknown_metric"
    UNSUPPORTED_TRIGGER = "unsupported_trigger"
    UNSUPPORTED_STEP = "unsupported_step"
    UNSUPPORTED_CONDITION = "unsupported_condition"
    UNSUPPORTED_KIND = "unsupported_kind"
    UNSUPPORTED_ACTION = "unsupported_action"
    VISIBLE_LOOP = "visible_loop"
    BAD_CLEAR = "bad_clear"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where (JSON pointer from `#`), which (stable code), and a sentence for a developer."""

    pointer: str
    code: str
    detail: str


class InvalidDefinition(ValueError):
    """The JSON defines nothing usable; `faults` names every reason in the order of reading."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer} {fault.code}: {fault.detail}" for fault in faults))
        self.faults = faults


@dataclass(slots=True)
class Faults:
    """What was wrong so far."""

    found: list[Fault] = field(default_factory=list)

    def note(self, pointer: str, code: Code, detail: str) -> None:
        self.found.append(Fault(pointer, code, detail))

    def note_rule(self, pointer: str, error: RuleError) -> None:
        self.found.extend(Fault(pointer + item.pointer[1:], item.code, item.detail) for item in error.faults)

    def refuse_any(self) -> None:
        if self.found:
            raise InvalidDefinition(tuple(self.found))


class Section:
    """One JSON object of a definition. Every field that is asked for becomes known; `close` refuses the others."""

    def __init__(self, document: object, pointer: str, faults: Faults) -> None:
        self.pointer = pointer
        self.faults = faults
        self._known: set[str] = set()
        self._fields: Mapping[str, object] = document if isinstance(document, dict) else {}
        self.readable = isinstance(document, dict)
        if not self.readable:
            faults.note(pointer, Code.BAD_VALUE, "an object is expected")

    def raw(self, name: str) -> object:
        """The value as it stands; None when it is absent or null, which mean the same here."""
        self._known.add(name)
        return self._fields.get(name)

    def at(self, name: str | int) -> str:
        return f"{self.pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"

    def fault(self, name: str, code: Code, detail: str) -> None:
        self.faults.note(self.at(name), code, detail)

    def required(self, name: str) -> object:
        value = self.raw(name)
        if value is None and self.readable:
            self.fault(name, Code.REQUIRED, f"{name} is required")
        return value

    def text(self, name: str, *, default: str | None = None, max_length: int = MAX_TEXT) -> str:
        """A text that is not blank. Without a default it is required."""
        value = self.required(name) if default is None else self.raw(name)
        if value is None:
            return default or ""
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            self.fault(name, Code.BAD_VALUE, f"{name} must be a text")
        elif len(value) > max_length:
            self.fault(name, Code.TOO_LONG, f"{name} has more than {max_length} characters")
        else:
            return value
        return ""

    def choice(self, name: str, choices: type[_Choice], default: _Choice, code: Code = Code.BAD_VALUE) -> _Choice:
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, str) and value in set(choices):
            return choices(value)
        self.fault(name, code, f"{name} must be one of {', '.join(choices)}")
        return default

    def choices(self, name: str, allowed: Collection[str], code: Code = Code.BAD_VALUE) -> tuple[str, ...]:
        """A list of distinct words out of the allowed ones, in the order given."""
        values = tuple(self.items(name))
        for index, value in enumerate(values):
            if not isinstance(value, str) or value not in allowed:
                self.faults.note(f"{self.at(name)}/{index}", code, f"{str(value)[:60]!r} is not known")
        return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))

    def integer(self, name: str, *, low: int, high: int, default: int | None = None) -> int | None:
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.fault(name, Code.BAD_VALUE, f"{name} must be a whole number from {low} to {high}")
        return default

    def number(self, name: str) -> Decimal | None:
        """A decimal number, as JSON number or text. Floats are read by their shortest text, never by their bits."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, int | float | Decimal | str) and not isinstance(value, bool):
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite() and abs(number) <= _LARGEST:
                return number
        self.fault(name, Code.BAD_VALUE, f"{name} must be a number")
        return None

    def duration(self, name: str, default: Duration | None = None) -> Duration:
        """An ISO 8601 duration. Without a default it is required."""
        value = self.required(name) if default is None else self.raw(name)
        if value is None:
            return default or Duration()
        try:
            return parse_duration(value if isinstance(value, str) else "")
        except InvalidDuration as error:
            self.fault(name, Code.BAD_DURATION, str(error))
            return default or Duration()

    def uuid(self, name: str) -> UUID | None:
        value = self.required(name)
        if value is None:
            return None
        try:
            return UUID(value if isinstance(value, str) else "")
        except ValueError:
            self.fault(name, Code.BAD_VALUE, f"{name} must be a UUID")
            return None

    def time(self, name: str) -> time:
        """A wall-clock time HH:MM; 24:00 is the midnight that ends a day and reads as 00:00."""
        value = self.required(name)
        if value is None:
            return time()
        text = "00:00" if value == "24:00" else str(value)
        try:
            read = time.fromisoformat(text)
        except ValueError:
            read = time()
        if f"{read:%H:%M}" != text:
            self.fault(name, Code.BAD_VALUE, f"{name} must be a time HH:MM")
        return read.replace(tzinfo=None)

    def section(self, name: str) -> "Section | None":
        """The object in that field, or None when it is absent."""
        value = self.raw(name)
        return None if value is None else Section(value, self.at(name), self.faults)

    def items(self, name: str) -> Iterator[object]:
        """The elements of the list in that field; nothing when it is absent, too long or no list."""
        value = self.raw(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(name, Code.BAD_VALUE, f"{name} must be a list")
        elif len(value) > MAX_ITEMS:
            self.fault(name, Code.TOO_MANY, f"{name} has more than {MAX_ITEMS} elements")
        else:
            yield from value

    def sections(self, name: str) -> Iterator["Section"]:
        for index, item in enumerate(self.items(name)):
            yield Section(item, f"{self.at(name)}/{index}", self.faults)

    def close(self) -> None:
        """Refuse every field that nobody asked for: a misspelt option must not be ignored in silence."""
        for name in self._fields:
            if name not in self._known:
                self.fault(str(name)[:60], Code.UNKNOWN_FIELD, f"{str(name)[:60]!r} is not a field here")
