"""What travels from the file to the staging tables."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from services.api.imports.domain.wording import Worded

Cell = str | int | float | bool | date | datetime | time | timedelta
"""A cell as the file holds it: text files only know str, workbooks know numbers and (naive) dates."""

SHOWN_LENGTH = 80


class RawRow(NamedTuple):
    """One row: the number of its (first) line in the file, header counted, and its cells by header."""

    line_number: int
    cells: dict[str, Cell]


Candidate = tuple[object, ...]
"""The values of one accepted row, in the order of `entities.COLUMNS[entity]`: ready for COPY."""


class Unusable(Worded, ValueError):
    """This value cannot be taken."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Reason(Worded):
    """One thing wrong with one line: which field, fed by which column, and the value as given, shortened."""

    line_number: int
    field: str | None
    column: str | None
    why: str
    value: str | None = None
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that is not imported, with every reason, in I7's order of checks.

    The ids are kept where they could be read: the id of a rejected row counts as seen, and both decide whether the line
    is first of all a `duplicate` or names an `unknown_customer` (I7).
    """

    line_number: int
    reasons: tuple[Reason, ...]
    external_id: str | None = None
    customer_external_id: str | None = None


def bad_line(line_number: int, why: str, **facts: object) -> Rejected:
    """A line that could not even be cut into the file's cells."""
    return Rejected(line_number, (Reason(line_number, None, None, why, facts=facts),))


def shortened(cell: Cell) -> str:
    """The cell as shown in a report: printable, at most 80 characters."""
    text = str(cell)[: SHOWN_LENGTH + 1].replace("\0", "\N{REPLACEMENT CHARACTER}")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
