"""One row in, one candidate or every reason against it out."""

from collections.abc import Callable
from typing import Final

from services.api.imports.domain.columns import NAMES_OF_CUSTOMERS, Binding, IdPart, custom_field
from services.api.imports.domain.context import RowContext
from services.api.imports.domain.entities import (
    CHECK_ORDER,
    COLUMNS,
    COMPANIONS,
    CUSTOM_FIELDS,
    FIELDS,
    PICK,
    REQUIRED,
    maker,
)
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.rows import Candidate, RawRow, Reason, Rejected, Unusable, shortened
from services.api.imports.domain.steps import Values, Wrongs, steps_for
from services.api.imports.domain.texts import Convert, as_text, line
from shared.domain import limits

ParseRow = Callable[[RawRow], Candidate | Rejected]
IdText = Callable[[RawRow], str]

# A fact without it is wrong in the words of rule I7.
_WHEN_BLANK: Final = {
    "customer_external_id": "unknown_customer",
    "occurred_at": "bad_timestamp",
    "amount": "bad_amount",
    "kind": "bad_kind",
}
_DEFAULTS: Final[dict[Entity, dict[str, object]]] = {
    "customers": {},
    "transactions": {},
    "interactions": {},
    "opportunities": {"stage": "prospecting"},
}
_JOINT: Final = "-"


def row_parser(binding: Binding, context: RowContext) -> ParseRow:
    """A parser for the rows of one file; its converters are made once.

    Every invalid value rejects its row, optional or not: nothing is dropped silently, and the user sees all reasons at
    once. Blank cells are None: the file says nothing about them. The parser is pure and may be used for any number of
    rows, but not from several threads at a time. Raises `Unusable` for a constant that fits no row.
    """
    entity = binding.entity
    plan = _plan(binding, context)
    blank = _blank(binding, context)
    compose_id = _id_composer(binding) if binding.id_parts else None
    steps = steps_for(entity, binding.provided, context)
    required = _required(binding)
    pick = PICK[entity]

    def parse(raw: RawRow) -> Candidate | Rejected:
        cells = raw.cells
        values = blank.copy()
        values["line_number"] = raw.line_number
        wrongs: Wrongs = []
        if compose_id is not None:
            try:
                values["external_id"] = compose_id(raw)
            except Unusable as unusable:
                wrongs.append(("external_id", unusable))
        for field, header, convert in plan:
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
        for step in steps:
            wrongs += step(values)
        for field in required:
            if values[field] is None:
                wrongs += _if_blank(field, wrongs)
        if wrongs:
            return _rejected(raw, values, wrongs, binding)
        return pick(values)

    return parse


def _plan(binding: Binding, context: RowContext) -> list[tuple[str, str, Convert]]:
    sources = dict(binding.sources)
    sources |= {also: sources[field] for field, also in COMPANIONS.items() if field in sources}
    order = [*CHECK_ORDER, *FIELDS[binding.entity]]
    known = sorted(sources, key=lambda field: order.index(field) if field in order else len(order))
    return [(field, sources[field], _converter(binding.entity, field, context)) for field in known]


def _converter(entity: Entity, field: str, context: RowContext) -> Convert:
    return maker(entity, CUSTOM_FIELDS if custom_field(field) else field)(context)


def _blank(binding: Binding, context: RowContext) -> Values:
    """The row before its cells are read: the constants, and None everywhere else."""
    entity = binding.entity
    values: Values = dict.fromkeys(COLUMNS[entity]) | _DEFAULTS[entity]
    if "stage" in binding.provided:
        values["stage"] = None
    if "currency" in values:
        values["currency"] = context.stated_currency
    for field, constant in binding.constants.items():
        values[field] = _converter(entity, field, context)(constant)
        if field in COMPANIONS:
            values[COMPANIONS[field]] = constant
    return values


def _required(binding: Binding) -> tuple[str, ...]:
    """What the entity needs, and what the file itself set out to give: an id, a name, a kind, a stage."""
    provided = binding.provided
    required = dict.fromkeys(REQUIRED[binding.entity])
    if binding.entity == "customers":
        required |= dict.fromkeys(["external_id"] if "external_id" in provided else [])
        required |= dict.fromkeys([] if provided.isdisjoint(NAMES_OF_CUSTOMERS) else ["name"])
    if binding.entity in {"transactions", "opportunities"}:
        required |= dict.fromkeys(name for name in ("kind", "stage") if name in provided)
    return tuple(required)


def _id_composer(binding: Binding) -> Callable[[RawRow], object]:
    parts = [_id_part(part, binding) for part in binding.id_parts]
    convert = line(limits.EXTERNAL_ID)

    def compose(raw: RawRow) -> object:
        """None when a part is blank: half an id is none."""
        texts = [part(raw) for part in parts]
        return convert(_JOINT.join(texts)) if all(texts) else None

    return compose


def _id_part(part: IdPart, binding: Binding) -> IdText:
    if part.source == "line_number":
        return lambda raw: str(raw.line_number)
    if part.source == "column" or part.value in binding.sources:
        header = str(part.value) if part.source == "column" else binding.sources[str(part.value)]
        return lambda raw: as_text(raw.cells[header])
    text = as_text(part.value if part.source == "text" else binding.constants.get(str(part.value), ""))
    return lambda _: text


def _if_blank(field: str, wrongs: Wrongs) -> Wrongs:
    """A field that could not be read is not blank: one reason is enough."""
    if any(wrong == field for wrong, _ in wrongs):
        return []
    return [(field, Unusable(_WHEN_BLANK.get(field, "required")))]


def _rejected(raw: RawRow, values: Values, wrongs: Wrongs, binding: Binding) -> Rejected:
    reasons = [_reason(raw, field, unusable, binding) for field, unusable in wrongs]
    return Rejected(
        raw.line_number,
        tuple(sorted(reasons, key=_rank)),
        values["external_id"],
        values.get("customer_external_id"),
    )


def _reason(raw: RawRow, field: str, unusable: Unusable, binding: Binding) -> Reason:
    column = binding.sources.get(field)
    value = shortened(raw.cells[column]) if column is not None and raw.cells[column] != "" else None
    return Reason(raw.line_number, field, column, unusable.why, value, unusable.facts)


def _rank(reason: Reason) -> float:
    """The place in rule I7's order of checks: the sign of the amount is looked at after the kind, before the cost."""
    if reason.code == "bad_sign" and reason.field == "amount":
        return CHECK_ORDER.index("kind") + 0.5
    return CHECK_ORDER.index(reason.field) if reason.field in CHECK_ORDER else len(CHECK_ORDER)
