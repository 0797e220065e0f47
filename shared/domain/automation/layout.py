"""Where each step of a sequence stands: a readable path, and what follows when it is done.

A path is the ids from the outermost step down: `hello`, `opened/then/call`. It names a position for as long as the
version of the definition lives, so an enrollment continues where it stood whatever process takes it up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.automation.steps import Branch, Step


@dataclass(frozen=True, slots=True)
class Place:
    """A step with its path, and the path of the step after it (None at the end of the sequence)."""

    path: str
    step: Step
    after: str | None


def lay_out(steps: tuple[Step, ...], prefix: str = "", after: str | None = None) -> Iterator[Place]:
    """Every step in reading order. The last step of a branch is followed by what follows the branch."""
    paths = [prefix + step.id for step in steps]
    for step, path, following in zip(steps, paths, (*paths, after)[1:], strict=True):
        yield Place(path, step, following)
        if isinstance(step, Branch):
            yield from lay_out(step.then, f"{path}/then/", following)
            yield from lay_out(step.otherwise, f"{path}/else/", following)


def first_path(steps: tuple[Step, ...], prefix: str, after: str | None) -> str | None:
    """Where a list of steps begins; an empty list is passed over."""
    return prefix + steps[0].id if steps else after
