"""Builders: a file in a folder, its rows as read, one row as parsed."""

from collections.abc import Mapping as Members
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.api.imports.domain.context import RowContext
from services.api.imports.domain.entities import COLUMNS
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.parsing import RowParser
from services.api.imports.domain.rows import Cell, RawRow, Rejected
from services.api.imports.domain.wording import LANGUAGES
from services.api.imports.mapping import parse_mapping
from services.api.imports.reader import ReadLimits, open_rows

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 3, 15)


def write(folder: Path, content: str | bytes, name: str = "clients.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, *, limits: ReadLimits | None = None, **members: Any) -> list[RawRow | Rejected]:
    """Every row of the file, read with a mapping of these members."""
    with open_rows(path, mapping=parse_mapping(members, entity="customers"), limits=limits) as rows:
        return list(rows)


def good(rows: list[RawRow | Rejected]) -> list[tuple[int, list[Cell]]]:
    """Line number and cells of the rows that could be read."""
    return [(row.line_number, list(row.cells.values())) for row in rows if isinstance(row, RawRow)]


def bad(rows: list[RawRow | Rejected]) -> list[tuple[int, str]]:
    """Line number and code of the lines that could not."""
    return [(row.line_number, row.reasons[0].code) for row in rows if isinstance(row, Rejected)]


def context(**members: Any) -> RowContext:
    """A French workspace in Paris, in euros, on 15 March 2026, and what a mapping states."""
    return parse_mapping(members, entity="customers").row_context(timezone=PARIS, currency="EUR", today=TODAY)


def parse(
    entity: Entity, cells: Members[str, Cell], members: Members[str, Any] | None = None, line_number: int = 2
) -> dict[str, object] | Rejected:
    """One row under these headers: the values of a candidate that the file says something about, or the rejection."""
    mapping = parse_mapping(dict(members or {}), entity=entity)
    binding = mapping.bind(entity, tuple(cells))
    assert binding.faults == ()
    parser = RowParser(binding, mapping.row_context(timezone=PARIS, currency="EUR", today=TODAY))
    parsed = parser(RawRow(line_number, dict(cells)))
    if isinstance(parsed, Rejected):
        return parsed
    assert len(parsed) == len(COLUMNS[entity])
    return {column: value for column, value in zip(COLUMNS[entity], parsed, strict=True) if value is not None}


def accepted(
    entity: Entity, cells: Members[str, Cell], members: Members[str, Any] | None = None, line_number: int = 2
) -> dict[str, object]:
    parsed = parse(entity, cells, members, line_number)
    assert not isinstance(parsed, Rejected), parsed
    return parsed


def codes(
    entity: Entity, cells: Members[str, Cell], members: Members[str, Any] | None = None
) -> list[tuple[str | None, str]]:
    """Field and code of every reason against the row, in order."""
    parsed = parse(entity, cells, members)
    assert isinstance(parsed, Rejected), parsed
    assert all(reason.describe(language) for reason in parsed.reasons for language in LANGUAGES)
    return [(reason.field, reason.code) for reason in parsed.reasons]
