"""The mapping a user may send with an import or keep as a file: what the file itself does not say.

    {
      "entity": "transactions",                          optional: refuses to be used for another one
      "description": "…",                                for people
      "header": false,                                   default true: the first line names the columns
      "separator": ";" | "," | "tab" | "|" | "blanks",   default: found out
      "encoding": "utf-8" | "windows-1252" | "utf-16",   default: found out
      "sheet": "Ventes" | 2,                             default: the first visible sheet
      "columns": {"amount": "Montant HT", "occurred_at": 3, "custom_fields.color": "Couleur"},
      "constants": {"kind": "sale"},
      "ignore": ["Colonne interne"],
      "id_from": ["customer_external_id", "line_number", {"column": 4}, {"text": "cdnow"}],
      "date_format": "M/D/YYYY", "decimal_mark": ",", "currency": "EUR", "timezone": "Europe/Paris", "country": "FR",
      "create_customers": true | "person" | "company"    a fact may create the customer it names (true: a person)
    }

Columns that the mapping does not name are recognised by their headers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from services.api.imports.domain import choices
from services.api.imports.domain.columns import Binding, Column, IdPart, Wishes, bind_columns, custom_field
from services.api.imports.domain.context import RowContext
from services.api.imports.domain.countries import country
from services.api.imports.domain.dates import is_format
from services.api.imports.domain.entities import API_NAMES, CUSTOM_FIELDS, is_field, maker
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.rows import Cell, Unusable
from shared.errors import Fault, InvalidInput
from shared.phone_numbers import e164

T = TypeVar("T")

BLANKS: Final = "blanks"

CustomerKind = Literal["person", "company"]
_CUSTOMER_KINDS: Final[dict[str, CustomerKind]] = {"person": "person", "company": "company"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A valid mapping; without arguments, the one that leaves everything to be found out.

    `create_customers` is the kind of the customers a fact may create, named by their reference, or None.
    """

    header: bool = True
    separator: str | None = None
    encoding: str | None = None
    sheet: str | int | None = None
    wishes: Wishes = field(default_factory=Wishes)
    date_format: str | None = None
    decimal_mark: str | None = None
    currency: str | None = None
    timezone: ZoneInfo | None = None
    country: str | None = None
    create_customers: CustomerKind | None = None

    def bind(self, entity: Entity, headers: tuple[str, ...]) -> Binding:
        """Which of the file's columns feeds which field."""
        return bind_columns(entity, headers, self.wishes, header=self.header)

    def row_context(self, *, timezone: ZoneInfo, currency: str, today: date, country: str = "FR") -> RowContext:
        """The workspace's settings and its date today, with what this mapping states on top."""
        return RowContext(
            timezone=timezone,
            currency=currency,
            today=today,
            to_e164=lambda text, country: e164(text, country=country),
            country=self.country or country,
            stated_timezone=self.timezone,
            stated_currency=self.currency,
            date_format=self.date_format,
            decimal_mark=self.decimal_mark,
        )


def parse_mapping(document: object, *, entity: Entity, language: str = "fr") -> Mapping:
    """Checks the whole document; raises `InvalidInput` with one fault, and its JSON pointer, for each thing wrong."""
    reading = _Reading(entity, language)
    if not isinstance(document, dict):
        reading.refuse("#", Unusable("bad_mapping"))
        raise InvalidInput(*reading.faults)
    stated = {name: value for name, value in document.items() if value is not None}
    for name in stated.keys() - _MEMBERS.keys() - _NESTED - {"entity", "description"}:
        reading.refuse(f"#/{_escaped(name)}", Unusable("unknown_member"))
    reading.check_entity(stated.get("entity"))
    members: dict[str, Any] = {
        name: reading.read(f"#/{name}", read, stated[name]) for name, read in _MEMBERS.items() if name in stated
    }
    wishes = Wishes(
        columns=reading.columns(stated.get("columns", {}), header=stated.get("header", True)),
        constants=reading.constants(stated.get("constants", {})),
        ignore=reading.items("#/ignore", _text, stated.get("ignore", [])),
        id_from=reading.items("#/id_from", reading.id_part, stated.get("id_from", [])),
    )
    reading.check_fed_once(wishes)
    if reading.faults:
        raise InvalidInput(*reading.faults)
    return Mapping(wishes=wishes, **members)


class _Reading:
    """The walk through one document; what is wrong is collected and the walk goes on."""

    def __init__(self, entity: Entity, language: str) -> None:
        self._entity = entity
        self._language = language
        self.faults: list[Fault] = []

    def refuse(self, pointer: str, wrong: Unusable) -> None:
        self.faults.append(Fault(pointer, wrong.code, wrong.describe(self._language)))

    def read(self, pointer: str, read: Callable[[Any], T], value: object) -> T | None:
        try:
            return read(value)
        except Unusable as wrong:
            self.refuse(pointer, wrong)
            return None

    def check_entity(self, stated: object) -> None:
        if stated is not None and stated != self._entity:
            self.refuse("#/entity", Unusable("wrong_entity", entity=stated))

    def columns(self, stated: object, *, header: object) -> dict[str, Column]:
        def column(value: object) -> Column:
            if isinstance(value, str) and header is False:
                raise Unusable("needs_header")
            return _column(value)

        return self._by_field("#/columns", column, stated)

    def constants(self, stated: object) -> dict[str, Cell]:
        found: dict[str, Cell] = self._by_field("#/constants", _scalar, stated)
        for name, constant in found.items():
            try:
                maker(self._entity, CUSTOM_FIELDS if custom_field(name) else name)(_NEUTRAL)(constant)
            except Unusable as wrong:
                detail = wrong.describe(self._language)
                self.refuse(f"#/constants/{_escaped(name)}", Unusable("bad_constant", detail=detail))
        return found

    def items(self, pointer: str, read: Callable[[Any], T], stated: object) -> tuple[T, ...]:
        values = self.read(pointer, _list, stated) or []
        read_values = (self.read(f"{pointer}/{n}", read, value) for n, value in enumerate(values))
        return tuple(value for value in read_values if value is not None)

    def id_part(self, value: object) -> IdPart:
        if value == "line_number":
            return IdPart("line_number")
        if isinstance(value, str) and is_field(self._entity, API_NAMES.get(value, value)):
            return IdPart("field", API_NAMES.get(value, value))
        if isinstance(value, dict) and value.keys() == {"column"}:
            return IdPart("column", _column(value["column"]))
        if isinstance(value, dict) and value.keys() == {"text"}:
            return IdPart("text", _text(value["text"]))
        raise Unusable("wrong_type", expected='"line_number", un champ, {"column": …}, {"text": …}')

    def check_fed_once(self, wishes: Wishes) -> None:
        composed = {"external_id"} if wishes.id_from else set()
        for name in (wishes.columns.keys() & wishes.constants.keys()) | (composed & wishes.columns.keys()):
            self.refuse(f"#/columns/{_escaped(name)}", Unusable("fed_twice"))
        for name in composed & wishes.constants.keys():
            self.refuse(f"#/constants/{_escaped(name)}", Unusable("fed_twice"))

    def _by_field(self, pointer: str, read: Callable[[Any], T], stated: object) -> dict[str, T]:
        found: dict[str, T] = {}
        for name, value in (self.read(pointer, _object, stated) or {}).items():
            here = f"{pointer}/{_escaped(name)}"
            field_name = API_NAMES.get(name, name)
            if not (is_field(self._entity, field_name) or _is_custom(self._entity, field_name)):
                self.refuse(here, Unusable("unknown_field", entity=self._entity))
            elif field_name in found:
                self.refuse(here, Unusable("fed_twice"))
            elif (usable := self.read(here, read, value)) is not None:
                found[field_name] = usable
        return found


def _is_custom(entity: Entity, name: str) -> bool:
    return entity == "customers" and re.fullmatch(r"[A-Za-z0-9_]{1,50}", custom_field(name) or "") is not None


def _escaped(name: str) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _expected(expected: str) -> Unusable:
    return Unusable("wrong_type", expected=expected)


def _one_of(*values: str, also: dict[str, str] | None = None) -> Callable[[Any], str]:
    known = {value: value for value in values} | (also or {})

    def read(value: object) -> str:
        if not isinstance(value, str) or value.lower() not in known:
            raise _expected(", ".join(f'"{name}"' for name in values))
        return known[value.lower()]

    return read


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _expected("{…}")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _expected("[…]")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _expected('"…"')
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise _expected("true, false")
    return value


def _scalar(value: object) -> Cell:
    if not isinstance(value, str | int | float | bool):
        raise _expected('"…", 0')
    return value


def _column(value: object) -> Column:
    """A header or a position; JSON's true is neither."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise _expected('"…", 1, 2, 3…')


def _date_format(value: object) -> str:
    if not isinstance(value, str) or not is_format(value):
        raise _expected('"DD/MM/YYYY", "M/D/YYYY", "YYYYMMDD"…')
    return value


def _timezone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(_text(value))
    except (KeyError, ValueError, OSError):
        raise Unusable("bad_value.timezone") from None


def _customer_kind(value: object) -> CustomerKind | None:
    if isinstance(value, bool):
        return "person" if value else None
    kind = _CUSTOMER_KINDS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise _expected('true, false, "person", "company"')
    return kind


_MEMBERS: Final[dict[str, Callable[[Any], Any]]] = {
    "header": _boolean,
    "separator": _one_of(";", ",", "tab", "|", BLANKS, also={"\t": "\t", "tab": "\t"}),
    "encoding": _one_of(
        "utf-8", "windows-1252", "utf-16",
        also=dict.fromkeys(("windows-1252", "cp1252", "latin-1", "iso-8859-1"), "cp1252") | {"utf8": "utf-8"},
    ),
    "sheet": _column,
    "date_format": _date_format,
    "decimal_mark": _one_of(",", "."),
    "currency": lambda value: choices.currency(_text(value)),
    "timezone": _timezone,
    "country": lambda value: country(_text(value)),
    "create_customers": _customer_kind,
}  # fmt: skip
_NESTED: Final = {"columns", "constants", "ignore", "id_from"}

# Enough of a workspace to see whether a constant fits its field.
_NEUTRAL: Final = RowContext(
    timezone=ZoneInfo("UTC"), currency="EUR", today=date(2000, 1, 1), to_e164=lambda text, _: text
)
