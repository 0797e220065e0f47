"""One row in, one candidate or every reason against it out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from services.api.imports.domain.columns import NAMES_OF_CUSTOMERS, Binding, IdPart, custom_field
from services.api.imports.domain.context import RowContext
from services.api.imports.domain.entities import (
    CHECK_ORDER,
    COLUMNS,
    COMPANIONS,
    CUSTOM_FIELDS,
    DEFAULTS,
    PICK,
    REQUIRED,
    maker,
)
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.rows import Candidate, Cell, RawRow, Reason, Rejected, Unusable, shortened
from services.api.imports.domain.steps import Values, Wrongs, steps_for
from services.api.imports.domain.texts import Convert, as_text, line
from shared.domain import limits

Text = Callable[[RawRow], str]

# A fact without it is wrong in the words of rule I7.
_WHEN_BLANK: Final = {
    "customer_external_id": "unknown_customer",
    "occurred_at": "bad_timestamp.blank",
    "amount": "bad_amount.blank",
    "kind": "bad_kind.blank",
}
_JOINT: Final = "-"


class RowParser:
    """Parses the rows of one file; the converters of its columns are made once.

    Every invalid value rejects its row, optional or not: nothing is dropped silently, and the user sees all reasons at
    once. Blank cells are None: the file says nothing about them. Pure, but not for several threads at a time.
    Raises `Unusable` when it is made with a constant that fits no row.
    """

    __slots__ = ("_binding", "_blank", "_compose_id", "_pick", "_plan", "_required", "_steps")

    def __init__(self, binding: Binding, context: RowContext) -> None:
        self._binding = binding
        if "currency" in binding.sources:
            context = replace(context, rows_state_currency=True)
        self._plan = _plan(binding, context)
        self._blank = _blank(binding, context)
        self._compose_id = _id_composer(binding) if binding.id_parts else None
        self._steps = steps_for(binding.entity, binding.provided, context)
        self._required = _required(binding)
        self._pick = PICK[binding.entity]

    def __call__(self, raw: RawRow) -> Candidate | Rejected:
        """A tuple in the order of `entities.COLUMNS`, or the rejected line with its reasons in I7's order."""
        values = self._blank.copy()
        values["line_number"] = raw.line_number
        wrongs = self._convert(raw.cells, values)
        if self._compose_id is not None:
            wrongs += self._compose_id(raw, values)
        for step in self._steps:
            wrongs += step(values)
        for field in self._required:
            if values[field] is None:
                wrongs += _if_blank(field, wrongs)
        return self._rejected(raw, values, wrongs) if wrongs else self._pick(values)

    def _convert(self, cells: Mapping[str, Cell], values: Values) -> Wrongs:
        wrongs: Wrongs = []
        for field, header, convert in self._plan:
            cell = cells[header]
            if cell == "":
                continue
            try:
                value = convert(cell)
            except Unusable as unusable:
                wrongs.append((field, unusable))
            else:
                if value is not None:
                    values[field] = value
        return wrongs

    def _rejected(self, raw: RawRow, values: Values, wrongs: Wrongs) -> Rejected:
        reasons = sorted((self._reason(raw, field, unusable) for field, unusable in wrongs), key=_rank)
        return Rejected(raw.line_number, tuple(reasons), values["external_id"], values.get("customer_external_id"))

    def _reason(self, raw: RawRow, field: str, unusable: Unusable) -> Reason:
        column = self._binding.sources.get(field)
        value = shortened(raw.cells[column]) if column is not None and raw.cells[column] != "" else None
        return Reason(raw.line_number, field, column, unusable.why, value, unusable.facts)


def _plan(binding: Binding, context: RowContext) -> list[tuple[str, str, Convert]]:
    sources = dict(binding.sources)
    sources |= {also: sources[field] for field, also in COMPANIONS.items() if field in sources}
    return [(field, header, _converter(binding.entity, field, context)) for field, header in sources.items()]


def _converter(entity: Entity, field: str, context: RowContext) -> Convert:
    return maker(entity, CUSTOM_FIELDS if custom_field(field) else field)(context)


def _blank(binding: Binding, context: RowContext) -> Values:
    """The row before its cells are read: defaults of fields the file has not, constants, None everywhere else."""
    values: Values = dict.fromkeys(COLUMNS[binding.entity])
    values |= {field: value for field, value in DEFAULTS[binding.entity].items() if field not in binding.provided}
    if "currency" in values:
        values["currency"] = context.stated_currency
    for field, constant in binding.constants.items():
        values[field] = _converter(binding.entity, field, context)(constant)
        if field in COMPANIONS:
            values[COMPANIONS[field]] = as_text(constant)
    return values


def _required(binding: Binding) -> tuple[str, ...]:
    """What the entity needs, and what the file itself set out to give: an id, a name, a kind, a stage."""
    given = {"customers": ("external_id",), "transactions": ("kind",), "interactions": (), "opportunities": ("stage",)}
    required = [*REQUIRED[binding.entity], *(field for field in given[binding.entity] if field in binding.provided)]
    if binding.entity == "customers" and not binding.provided.isdisjoint(NAMES_OF_CUSTOMERS):
        required.append("name")
    return tuple(required)


def _id_composer(binding: Binding) -> Callable[[RawRow, Values], Wrongs]:
    parts = [_id_part(part, binding) for part in binding.id_parts]
    convert = line(limits.EXTERNAL_ID)

    def compose(raw: RawRow, values: Values) -> Wrongs:
        """No id when a part is blank: half an id is none."""
        try:
            texts = [part(raw) for part in parts]
            values["external_id"] = convert(_JOINT.join(texts)) if all(texts) else None
        except Unusable as unusable:
            return [("external_id", unusable)]
        return []

    return compose


def _id_part(part: IdPart, binding: Binding) -> Text:
    if part.source == "line_number":
        return lambda raw: str(raw.line_number)
    header = binding.sources.get(str(part.value)) if part.source == "field" else str(part.value)
    if part.source in {"field", "column"} and header is not None:
        return lambda raw: as_text(raw.cells[header])
    text = as_text(part.value if part.source == "text" else binding.constants.get(str(part.value), ""))
    return lambda _: text


def _if_blank(field: str, wrongs: Wrongs) -> Wrongs:
    """A field that could not be read is not blank, nor is a name that is put together from it: one reason is enough."""
    sources = NAMES_OF_CUSTOMERS if field == "name" else (field,)
    if any(wrong in sources for wrong, _ in wrongs):
        return []
    return [(field, Unusable(_WHEN_BLANK.get(field, "required")))]


def _rank(reason: Reason) -> float:
    """The place in rule I7's order of checks: the sign of the amount is looked at after the kind, before the cost."""
    if reason.code == "bad_sign" and reason.field == "amount":
        return CHECK_ORDER.index("kind") + 0.5
    return CHECK_ORDER.index(reason.field) if reason.field in CHECK_ORDER else len(CHECK_ORDER)
