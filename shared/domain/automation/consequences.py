"""Which events a sequence makes happen by itself: what a loop would be made of."""

from collections.abc import Iterator
from typing import Final

from shared.domain.automation.steps import Branch, Email, Step, Task

# Opens, clicks and replies are acts of a person, and no loop.
_ANY_RUN: Final = frozenset({"enrollment.started", "enrollment.ended"})
_EMAIL: Final = frozenset({"message.sent", "message.failed", "message.delivered", "message.bounced"})
_TASK: Final = frozenset({"task.changed"})


def events_caused_by(steps: tuple[Step, ...]) -> frozenset[str]:
    """The names of the events that running these steps may cause without anybody's doing."""
    return _ANY_RUN.union(*(_caused_by(step) for step in _every_step(steps)))


def _caused_by(step: Step) -> frozenset[str]:
    match step:
        case Email():
            return _EMAIL
        case Task():
            return _TASK
        case _:
            return frozenset()


def _every_step(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Branch):
            yield from _every_step((*step.then, *step.otherwise))
