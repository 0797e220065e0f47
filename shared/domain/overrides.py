"""Reading an account's own thresholds over a dataclass of defaults, with every fault at once."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from typing import Any, ClassVar, Protocol, TypeVar


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


D = TypeVar("D", bound=_Dataclass)


@dataclass(frozen=True, slots=True)
class SettingFault:
    """Where (JSON pointer into the settings, from `#`), which (stable code), and a sentence."""

    pointer: str
    code: str
    detail: str


class InvalidSettings(ValueError):
    """Some overrides cannot be used; `faults` names all of them."""

    def __init__(self, *faults: SettingFault) -> None:
        super().__init__("; ".join(f"{fault.pointer} {fault.code}: {fault.detail}" for fault in faults))
        self.faults = faults


def override(defaults: D, overrides: object, pointer: str = "#") -> D:
    """The defaults with these values in their place. Raises `InvalidSettings` naming every fault.

    A whole number and a pair of them must lie between the `low` and `high` of their field's metadata; a nested
    dataclass takes a nested object.
    """
    if not isinstance(overrides, Mapping):
        raise InvalidSettings(SettingFault(pointer, "bad_object", "an object with settings is expected"))
    known = {field.name: field for field in fields(defaults)}
    faults: list[SettingFault] = []
    changes: dict[str, object] = {}
    for name, value in overrides.items():
        where = f"{pointer}/{name}"
        try:
            if name not in known:
                raise InvalidSettings(SettingFault(where, "unknown_setting", f"there is no setting {name!s:.100}"))
            changes[name] = _read(getattr(defaults, name), known[name].metadata, value, where)
        except InvalidSettings as error:
            faults += error.faults
    if faults:
        raise InvalidSettings(*faults)
    return replace(defaults, **changes)


def _read(default: object, bounds: Mapping[str, int], value: object, pointer: str) -> object:
    if is_dataclass(default) and not isinstance(default, type):
        return override(default, value, pointer)
    if not isinstance(default, tuple):
        return _whole(value, bounds, pointer)
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidSettings(SettingFault(pointer, "bad_pair", "a list of two whole numbers is expected"))
    pair = (_whole(value[0], bounds, f"{pointer}/0"), _whole(value[1], bounds, f"{pointer}/1"))
    if pair[0] > pair[1]:
        raise InvalidSettings(SettingFault(pointer, "bad_order", "the first number is greater than the second"))
    return pair


def _whole(value: object, bounds: Mapping[str, int], pointer: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidSettings(SettingFault(pointer, "bad_number", "a whole number is expected"))
    low, high = bounds["low"], bounds["high"]
    if not low <= value <= high:
        raise InvalidSettings(SettingFault(pointer, "out_of_range", f"a number from {low} to {high} is expected"))
    return value
