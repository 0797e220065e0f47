"""From records (a line number and its cells) to rows (cells by header)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import Self

from services.api.imports.domain.rows import Cell, RawRow, Rejected, bad_line
from services.api.imports.reader.unreadable import UnreadableFile

Record = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a file may cost. A hundred thousand rows of a dozen columns need a twentieth of it."""

    line_bytes: int = 1_000_000
    columns: int = 500
    cells: int = 20_000_000
    workbook_bytes: int = 1 << 30
    workbook_memory: int = 2 << 30
    workbook_seconds: int = 120


@dataclass(frozen=True, slots=True)
class RowStream:
    """The rows of an open file, once. Close it, or use it as a context manager.

    `lines` is an upper bound of the rows to come, for progress; a line that cannot be read comes as `Rejected`.
    """

    headers: tuple[str, ...]
    rows: Iterator[RawRow | Rejected]
    lines: int
    close: Callable[[], None]

    def __iter__(self) -> Iterator[RawRow | Rejected]:
        return self.rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


def with_header(
    records: Iterator[Record | Rejected], *, header: bool, limits: ReadLimits
) -> tuple[tuple[str, ...], Iterator[RawRow | Rejected]]:
    """Names the columns after the first record that is not blank or, without a header, after their 1-based position."""
    first = next((record for record in records if isinstance(record, Rejected) or not _is_blank(record[1])), None)
    if first is None:
        raise UnreadableFile("empty_file")
    if isinstance(first, Rejected):
        raise UnreadableFile("bad_header")
    headers = _unique_names(first[1]) if header else tuple(str(n) for n in range(1, len(first[1]) + 1))
    if len(headers) > limits.columns:
        raise UnreadableFile("too_many_columns", limit=limits.columns)
    return headers, _rows(records if header else chain([first], records), headers)


def _rows(records: Iterable[Record | Rejected], headers: tuple[str, ...]) -> Iterator[RawRow | Rejected]:
    """Blank lines are skipped; every other line must have a cell for each header, and nothing behind them.

    Some exporters cut trailing blanks, but such a line looks just like a record that was cut off, and half a record
    must not come in unnoticed. Workbooks are grids, so their rows are never short.
    """
    width = len(headers)
    for record in records:
        if isinstance(record, Rejected):
            yield record
            continue
        line_number, cells = record
        if _is_blank(cells):
            continue
        if len(cells) < width:
            yield bad_line(line_number, "too_few_cells", given=len(cells), expected=width)
        elif len(cells) > width and not _is_blank(cells[width:]):
            yield bad_line(line_number, "too_many_cells.line")
        else:
            yield RawRow(line_number, dict(zip(headers, cells[:width], strict=True)))


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in cells)


def _unique_names(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Nameless columns are called after their position, repeated names after their rank: "Nom", "Nom (2)"."""
    names = [" ".join(str(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    seen: Counter[str] = Counter()
    unique = []
    for position, name in enumerate(names, start=1):
        seen[name] += 1
        unique.append(f"#{position}" if not name else name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(unique)
