"""The faults of an import as a CSV file that a spreadsheet opens."""

import csv
import re
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any, Final
from uuid import UUID

from services.api.door import Door
from services.api.imports.queries import Position, faults_behind

COLUMNS: Final = ("line", "column", "code", "detail", "value")
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![\d\s.,]*$)")


async def csv_of_faults(door: Door, import_id: UUID, code: str | None) -> AsyncIterator[str]:
    """Line by line from the database to the caller, a few thousand at a time and in no long transaction."""
    yield "\ufeff" + _lines([dict(zip(COLUMNS, COLUMNS, strict=True))])
    position: Position = (-1, -1)
    while True:
        async with door.work() as work:
            faults, position = await faults_behind(work, import_id, code, position)
        if not faults:
            return
        yield _lines(faults)


def _lines(faults: list[dict[str, Any]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([_harmless(fault[name]) for name in COLUMNS] for fault in faults)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """A stranger's cell must not become a formula of the reader's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
