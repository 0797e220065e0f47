"""The child process of `workbook`: reads one sheet with limited memory and time, writes pickled batches to stdout."""

import contextlib
import pickle
import resource
import sys
from collections.abc import Iterator
from typing import Any, Final

import python_calamine as calamine

from services.api.imports.reader.table import ReadLimits
from services.api.imports.reader.unreadable import UnreadableFile

BATCH: Final = 1_000


def main() -> None:
    path, sheet, limits = pickle.load(sys.stdin.buffer)  # noqa: S301  It comes from our own parent.
    _limit(limits)
    try:
        for message in _read(path, sheet, limits):
            _send(message)
        _send(None)
    except UnreadableFile as error:
        _send(error)
    except MemoryError:
        _send(UnreadableFile("workbook_too_large"))
    except calamine.PasswordError:
        _send(UnreadableFile("encrypted_workbook"))
    except calamine.CalamineError:
        _send(UnreadableFile("broken_workbook"))


def _limit(limits: ReadLimits) -> None:
    """Not every system knows every limit; where one is missing, the others still hold."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.workbook_memory),
        (resource.RLIMIT_CPU, limits.workbook_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def _read(path: str, sheet: str | int | None, limits: ReadLimits) -> Iterator[Any]:
    with calamine.CalamineWorkbook.from_path(path) as workbook:
        grid = workbook.get_sheet_by_name(_sheet_name(workbook, sheet))
        last_row, last_column = grid.end or (-1, -1)
        if (last_row + 1) * (last_column + 1) > limits.cells:
            raise UnreadableFile("too_many_cells", limit=limits.cells)
        yield last_row + 1
        # The library leaves out empty columns on the left, but a position counts from the sheet's first column.
        margin = [""] * (grid.start[1] if grid.start else 0)
        batch = []
        for row in grid.iter_rows():
            batch.append(margin + row if margin else row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch


def _sheet_name(workbook: calamine.CalamineWorkbook, sheet: str | int | None) -> str:
    """By name, by 1-based position, or the first one a person sees."""
    names = workbook.sheet_names
    if sheet is None:
        return next(
            (s.name for s in workbook.sheets_metadata if s.visible == calamine.SheetVisibleEnum.Visible), names[0]
        )
    if isinstance(sheet, int) and 1 <= sheet <= len(names):
        return names[sheet - 1]
    if isinstance(sheet, str) and sheet in names:
        return sheet
    raise UnreadableFile("no_such_sheet", sheet=sheet)


def _send(message: object) -> None:
    pickle.dump(message, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
