"""Which column feeds which field: what the mapping says first, then what the headers say by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from services.api.imports.domain.entities import CUSTOM_FIELDS, REQUIRED
from services.api.imports.domain.headers import Entity, normalise, recognise
from services.api.imports.domain.rows import Cell
from services.api.imports.domain.wording import Worded

Column = str | int
"""A header, or a 1-based position."""

NAMES_OF_CUSTOMERS: Final = ("company_name", "name", "last_name", "first_name")


@dataclass(frozen=True, slots=True)
class IdPart:
    """One part of a composed id: a field's cell, a column's cell, a fixed text, or the number of the line."""

    source: Literal["field", "column", "text", "line_number"]
    value: Column = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a mapping says about the columns. Custom fields are written `custom_fields.name`."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    constants: Mapping[str, Cell] = field(default_factory=dict)
    ignore: Sequence[str] = ()
    id_from: Sequence[IdPart] = ()


@dataclass(frozen=True, slots=True)
class Note(Worded):
    """Something about the columns that the user has to know; `pointer` says where in the mapping, if it is there."""

    why: str
    facts: Mapping[str, object]
    pointer: str = "#"


@dataclass(frozen=True, slots=True)
class Binding:
    """The answer. With `faults` nothing can be imported; `warnings` are reported and do not stop anything.

    `provided` names the fields the file says something about: a merge leaves the others as they are.
    """

    entity: Entity
    sources: Mapping[str, str]
    constants: Mapping[str, Cell]
    id_parts: tuple[IdPart, ...]
    faults: tuple[Note, ...]
    warnings: tuple[Note, ...]

    @property
    def provided(self) -> frozenset[str]:
        return frozenset((*self.sources, *self.constants, *(["external_id"] if self.id_parts else [])))


def bind_columns(entity: Entity, headers: Sequence[str], wishes: Wishes, *, header: bool = True) -> Binding:
    """Binds the columns of a file. `header` is False when `headers` are mere positions, which mean nothing."""
    found = _Found(entity, headers)
    for name, column in wishes.columns.items():
        found.claim(name, column, f"#/columns/{name}")
    parts = tuple(found.resolved(part, f"#/id_from/{n}") for n, part in enumerate(wishes.id_from))
    for name in wishes.ignore:
        found.leave_out(name)
    if header:
        fed = {*wishes.constants, *(["external_id"] if parts else [])}
        found.recognise_the_rest(fed)
    found.check_parts(parts, wishes.constants)
    parts = parts or found.order_as_id()
    found.check({*wishes.constants, *found.sources, *(["external_id"] if parts else [])})
    return Binding(entity, found.sources, wishes.constants, parts, tuple(found.faults), tuple(found.warnings))


class _Found:
    """The binding while it is made."""

    def __init__(self, entity: Entity, headers: Sequence[str]) -> None:
        self._entity = entity
        self._headers = headers
        self._open = dict.fromkeys(headers)
        self.sources: dict[str, str] = {}
        self.faults: list[Note] = []
        self.warnings: list[Note] = []

    def claim(self, name: str, column: Column, pointer: str) -> None:
        header = self._header(column)
        if header is None:
            self.faults.append(Note("unknown_column", {"column": column}, pointer))
        else:
            self.sources[name] = header
            self._open.pop(header, None)

    def resolved(self, part: IdPart, pointer: str) -> IdPart:
        if part.source != "column":
            return part
        header = self._header(part.value)
        if header is None:
            self.faults.append(Note("unknown_column", {"column": part.value}, pointer))
        return IdPart("column", header or "")

    def leave_out(self, column: str) -> None:
        """A column that is not there is left out already."""
        if (header := self._header(column)) is not None:
            self._open.pop(header, None)

    def recognise_the_rest(self, fed: set[str]) -> None:
        for header in self._open:
            name = recognise(self._entity, header)
            if name is None:
                self.warnings.append(Note("ignored_column", {"column": header}))
            elif name in fed:
                self.warnings.append(Note("ignored_column.by_mapping", {"column": header, "field": name}))
            elif name in self.sources:
                facts = {"column": header, "field": name, "first": self.sources[name]}
                self.warnings.append(Note("repeated_column", facts))
            else:
                self.sources[name] = header

    def check_parts(self, parts: Sequence[IdPart], constants: Mapping[str, Cell]) -> None:
        for n, part in enumerate(parts):
            if part.source == "field" and part.value not in self.sources and part.value not in constants:
                self.faults.append(Note("missing_column", {"field": part.value}, f"#/id_from/{n}"))

    def order_as_id(self) -> tuple[IdPart, ...]:
        """A list of sales without numbers of its own usually has one line an order."""
        if self._entity != "transactions" or "external_id" in self.sources or "order_id" not in self.sources:
            return ()
        self.warnings.append(Note("order_is_the_id", {}))
        return (IdPart("field", "order_id"),)

    def check(self, fed: set[str]) -> None:
        for name in REQUIRED[self._entity]:
            if name not in fed:
                why = "missing_column.external_id" if name == "external_id" else "missing_column"
                self.faults.append(Note(why, {"field": name}))
        if self._entity == "customers":
            self._check_customer(fed)

    def _check_customer(self, fed: set[str]) -> None:
        """A file of customers names them, or at least says by their ids which ones it completes."""
        if fed.isdisjoint((*NAMES_OF_CUSTOMERS, "external_id")):
            self.faults.append(Note("missing_column", {"field": "name"}))
        if "company_name" in fed:
            unused = [self.sources[name] for name in ("last_name", "first_name", "name") if name in self.sources]
            self.warnings += [Note("contact_name_unused", {"column": column}) for column in unused]

    def _header(self, column: Column) -> str | None:
        """By position, by its exact text, or by its folded text."""
        if isinstance(column, int):
            return self._headers[column - 1] if 1 <= column <= len(self._headers) else None
        if column in self._headers:
            return column
        return next((header for header in self._headers if normalise(header) == normalise(column)), None)


def custom_field(name: str) -> str | None:
    """`x` of `custom_fields.x`."""
    prefix, _, rest = name.partition(".")
    return rest if prefix == CUSTOM_FIELDS and rest else None
