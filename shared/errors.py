"""What can go wrong, without a word of HTTP or of the broker.

PortefeuilleError
├── InvalidInput        the caller's data; carries one `Fault` a field
├── NotFound            no such thing, or not for this caller
├── Forbidden           the caller may not do this
├── Conflict            the present state refuses it
│   └── VersionMismatch the caller saw an older version
├── Gone                it existed, but can no longer be read
└── TemporarilyUnavailable   an outside fault: trying again may help
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the input: where (JSON pointer), which (stable code), and a sentence."""

    pointer: str
    code: str
    detail: str


class PortefeuilleError(Exception):
    """Root of the expected errors; `code` is stable and has a title in `shared.texts`."""

    code = "error"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class InvalidInput(PortefeuilleError):
    """The input breaks a rule; nothing was written."""

    code = "validation_failed"

    def __init__(self, *faults: Fault, detail: str = "") -> None:
        super().__init__(detail or "; ".join(fault.detail for fault in faults))
        self.faults = faults

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "InvalidInput":
        return cls(Fault(pointer, code, detail))


class NotFound(PortefeuilleError):
    """No such thing in this workspace, or not within the caller's scope: the answer is the same on purpose."""

    code = "not_found"


class Forbidden(PortefeuilleError):
    """The caller is known, but its role or scopes do not allow this."""

    code = "forbidden"


class Conflict(PortefeuilleError):
    """The present state refuses the change."""

    code = "conflict"


class VersionMismatch(Conflict):
    """Somebody changed the record since the caller read it."""

    code = "precondition_failed"

    def __init__(self, current_version: int) -> None:
        super().__init__(f"The record is at version {current_version} now.")
        self.current_version = current_version


class Gone(PortefeuilleError):
    """It existed, but is kept no longer."""

    code = "gone"


class TemporarilyUnavailable(PortefeuilleError):
    """A dependency does not answer; the same request may succeed later."""

    code = "unavailable"
