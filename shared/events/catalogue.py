"""Every event by its name, and the way back from an envelope to its class."""

from collections.abc import Iterator
from functools import cache
from types import ModuleType

from pydantic import TypeAdapter

from shared.events import automation, customers, facts, messages, segments
from shared.events.base import Envelope, Event

MODULES = (customers, facts, segments, messages, automation)


def _declared(module: ModuleType) -> Iterator[type[Event]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Event) and "type" in vars(value):
            yield value


def _by_name() -> dict[str, type[Event]]:
    catalogue: dict[str, type[Event]] = {}
    for event in (event for module in MODULES for event in _declared(module)):
        if catalogue.setdefault(event.type, event) is not event:
            raise TypeError(f"{event.type} is the name of two events")
    return catalogue


CATALOGUE = _by_name()


def decode(envelope: Envelope) -> Event:
    """The typed event of an envelope. Raises KeyError for an unknown name, ValidationError for other fields."""
    return _adapter(envelope.type).validate_python(envelope.data)


@cache
def _adapter(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(CATALOGUE[name])
