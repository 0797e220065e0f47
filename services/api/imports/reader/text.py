"""CSV and its relatives: any separator, any line end, broken quotes survived."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from services.api.imports.domain.rows import Rejected, bad_line
from services.api.imports.mapping import BLANKS, Mapping
from services.api.imports.reader.survey import HEAD, UTF_16, survey
from services.api.imports.reader.table import ReadLimits, Record, RowStream, with_header
from services.api.imports.reader.unreadable import UnreadableFile

SEPARATORS: Final = (";", "\t", ",", "|")
SAMPLE_LINES: Final = 50
LINES_PER_RECORD: Final = 1_000
LINES_READ_AGAIN: Final = 1_000_000

_SEPARATOR_LINE: Final = re.compile(r"\ufeff?sep=(.)[\r\n]*", re.IGNORECASE)
_UNDECODED: Final = re.compile("[\udc80-\udcff]")


def open_text(path: Path, *, mapping: Mapping, limits: ReadLimits) -> RowStream:
    found = survey(path, encoding=mapping.encoding, limits=limits)
    # What cannot be decoded becomes a lone surrogate and marks its line; UTF-16 only knows the replacement character.
    errors = "replace" if found.encoding == UTF_16 else "surrogateescape"
    file = path.open(encoding=found.encoding, errors=errors, newline="")
    try:
        sample = list(islice(StringIO(file.read(HEAD), newline=""), SAMPLE_LINES))
        file.seek(0)
        stated = _SEPARATOR_LINE.fullmatch("".join(sample[:1]))
        separator = mapping.separator or (stated[1] if stated else guess_separator(sample))
        lines = _Lines(file, skip=1 if stated else 0)
        records = _blank_separated(lines) if separator == BLANKS else _quoted(lines, separator)
        if found.suspect:
            records = _only_readable(records, lines, "\ufffd" if found.encoding == UTF_16 else None)
        headers, rows = with_header(records, header=mapping.header, limits=limits)
        if found.lines * len(headers) > limits.cells:
            raise UnreadableFile("too_many_cells", limit=limits.cells)
    except BaseException:
        file.close()
        raise
    return RowStream(headers, rows, found.lines, file.close)


def guess_separator(sample: list[str]) -> str:
    """The separator that cuts the header into many cells, and the lines below it into as many."""

    def score(separator: str) -> float:
        widths = [len(row) for row in csv.reader(sample, delimiter=separator) if row]
        return (widths[0] - 1) * widths.count(widths[0]) / len(widths) if widths else 0.0

    return max(SEPARATORS, key=score)


class _Lines:
    """The lines of the file, numbered, for a parser that may have to read some of them again.

    `record` holds the lines that the parser took since the last `begin`.
    """

    def __init__(self, lines: Iterator[str], *, skip: int) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._read_again = 0
        self.record: list[str] = list(islice(lines, skip))
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) > LINES_PER_RECORD:
            raise csv.Error("a quote that spans a thousand lines was never closed")
        line = self._again.popleft() if self._again else next(self._lines)
        self.record.append(line)
        return line

    def begin(self) -> None:
        """What follows is a new record: `number` becomes that of its first line."""
        self.number += len(self.record)
        self.record = []

    def reread_after_first(self) -> None:
        """The first line of the record is lost; those behind it were swallowed by its quote and come again."""
        swallowed = self.record[1:]
        self._read_again += len(swallowed)
        if self._read_again > LINES_READ_AGAIN:
            raise UnreadableFile("bad_quoting")
        self._again.extendleft(reversed(swallowed))
        del self.record[1:]


def _quoted(lines: _Lines, separator: str) -> Iterator[Record | Rejected]:
    parser = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error:
            lines.reread_after_first()
            # Without any quote in it, the parser can only have refused the size of a cell.
            yield bad_line(lines.number, "bad_quoting" if '"' in lines.record[0] else "too_long.cell")
            continue
        yield lines.number, cells


def _blank_separated(lines: _Lines) -> Iterator[Record | Rejected]:
    while True:
        lines.begin()
        line = next(lines, None)
        if line is None:
            return
        yield lines.number, line.split()


def _only_readable(
    records: Iterator[Record | Rejected], lines: _Lines, replacement: str | None
) -> Iterator[Record | Rejected]:
    for record in records:
        text = "".join(lines.record)
        if "\0" in text:
            yield bad_line(lines.number, "nul_character")
        elif _UNDECODED.search(text) or (replacement and replacement in text):
            yield bad_line(lines.number, "undecodable")
        else:
            yield record
