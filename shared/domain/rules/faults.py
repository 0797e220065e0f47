"""What is wrong with a rule, said all at once so that a user corrects it in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """Where (JSON pointer into the rule, from `#`), which (stable code), and a sentence for a developer."""

    pointer: str
    code: str
    detail: str


class RuleError(ValueError):
    """The JSON is no rule of this workspace; `faults` names every reason, in the order of the document."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer} {fault.code}: {fault.detail}" for fault in faults))
        self.faults = faults


class UnusableValue(ValueError):
    """A value that does not fit its field or operator; whoever knows where it stands makes a `RuleError` of it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def refusal(pointer: str, code: str, detail: str) -> RuleError:
    return RuleError((RuleFault(pointer, code, detail),))


def attempt(faults: list[RuleFault], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What `read` answers; or None, its faults added to `faults`, so that the reading goes on to the next fault."""
    try:
        return read(*args, **kwargs)
    except RuleError as error:
        faults += error.faults
        return None
