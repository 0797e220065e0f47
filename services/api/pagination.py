"""Keyset pages: opaque cursors that stay right while rows come and go. No OFFSET, no total."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import BindParameter, literal

from services.api.work import Work
from shared.errors import InvalidInput

Column = InstrumentedAttribute[Any] | ColumnElement[Any]
PARSE: dict[type, Callable[[Any], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
    int: int,
    str: str,
}


@dataclass(frozen=True, slots=True)
class Sort:
    """By `column`, then by `id` in the same direction. The column must not be null: coalesce it."""

    column: Column
    id: Column
    descending: bool = False

    @classmethod
    def parse(cls, given: str | None, columns: Mapping[str, Column], *, id: Column, default: str) -> "Sort":
        """`name` or `-name`. Raises InvalidInput for a column that lists cannot be sorted by."""
        name = (given or default).removeprefix("-")
        if name not in columns:
            raise InvalidInput.at("?sort", "bad_value", f"Sort by one of {', '.join(columns)}, with - for descending.")
        return cls(columns[name], id, (given or default).startswith("-"))


async def page(
    work: Work, statement: Select[Any], sort: Sort, *, cursor: str | None, limit: int, view: Callable[[Row[Any]], Any]
) -> dict[str, Any]:
    """One page of the statement's rows. Raises InvalidInput for a cursor of another list."""
    purpose = _purpose(statement, sort)
    position = _decode(cursor, purpose, sort) if cursor else None
    backwards = position is not None and position.backwards
    statement = statement.add_columns(sort.column.label("_key"), sort.id.label("_id"))
    if position is not None:
        statement = statement.where(_beyond(sort, position))
    descending = sort.descending != backwards
    order = [column.desc() if descending else column.asc() for column in (sort.column, sort.id)]
    rows = (await work.session.execute(statement.order_by(*order).limit(limit + 1))).all()
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows = rows[::-1]
    has_next, has_previous = (True, more) if backwards else (more, position is not None)
    return {
        "items": [view(row) for row in rows],
        "next_cursor": _encode(rows[-1], purpose, backwards=False) if rows and has_next else None,
        "prev_cursor": _encode(rows[0], purpose, backwards=True) if rows and has_previous else None,
    }


def by_name(row: Row[Any]) -> dict[str, Any]:
    """The row's own columns, without those that paging adds."""
    return {name: value for name, value in row._mapping.items() if not name.startswith("_")}  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class _Position:
    key: Any
    id: Any
    backwards: bool


def _beyond(sort: Sort, position: _Position) -> ColumnElement[bool]:
    here = tuple_(sort.column, sort.id)
    there = tuple_(_bind(position.key, sort.column), _bind(position.id, sort.id))
    return here < there if sort.descending != position.backwards else here > there


def _bind(value: Any, column: Column) -> BindParameter[Any]:
    return literal(value, column.type)


def _purpose(statement: Select[Any], sort: Sort) -> str:
    """What the cursor is good for: the same filters and the same order."""
    compiled = statement.compile()
    text = f"{compiled}{sorted((k, str(v)) for k, v in compiled.params.items())}{sort.column}{sort.descending}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _encode(row: Row[Any], purpose: str, *, backwards: bool) -> str:
    content = orjson.dumps([purpose, row._mapping["_key"], row._mapping["_id"], backwards], default=str)  # noqa: SLF001
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decode(cursor: str, purpose: str, sort: Sort) -> _Position:
    try:
        content = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        given, key, id_, backwards = content
        if given != purpose or not isinstance(backwards, bool):
            raise ValueError(given)
        return _Position(_parse(key, sort.column), _parse(id_, sort.id), backwards)
    except (ValueError, TypeError, ArithmeticError, binascii.Error) as error:
        raise InvalidInput.at("?cursor", "bad_cursor", "This cursor does not belong to this list.") from error


def _parse(value: Any, column: Column) -> Any:
    return PARSE[column.type.python_type](value)
