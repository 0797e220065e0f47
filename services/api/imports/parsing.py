"""An uploaded file, opened and cut into slices of parsed rows. Blocking, and for one thread at a time.

Of facts the first row of an id wins; a rejected row's id counts as seen (I7). Owners and products that nobody knows
reject a row here, so that every staged row can be merged but for its customer and its currency.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self, cast

from services.api.imports.domain.entities import COLUMNS
from services.api.imports.domain.parsing import RowParser
from services.api.imports.domain.rows import Candidate, Reason, Rejected
from services.api.imports.domain.wording import Worded
from services.api.imports.jobs import Job
from services.api.imports.mapping import parse_mapping
from services.api.imports.reader import open_rows
from shared.domain.contact import fold_name

ROWS_AT_ONCE: Final = 10_000
_NO_FACTS: Final = {"customers"}


class UnusableColumns(Exception):
    """The file can be read, but its columns do not make the entity. `faults` say what is missing, and where."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__(faults[0]["code"])
        self.faults = faults


@dataclass(frozen=True, slots=True)
class References:
    """What rows may refer to in a workspace: e-mail addresses of users in lower case, products by `product_key`."""

    owners: Collection[str] = frozenset()
    products: Collection[str] = frozenset()


def product_key(name: str) -> str:
    """Blanks and case of a product's name mean nothing."""
    return fold_name(name).replace(" ", "")


@dataclass(slots=True)
class Slice:
    """Some rows of the file: `rows` were read, of the rejected ones `duplicates` only repeat an id."""

    candidates: list[Candidate] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    rows: int = 0
    duplicates: int = 0

    @property
    def last_line(self) -> int:
        """Of the candidates; 0 without any."""
        return cast("int", self.candidates[-1][0]) if self.candidates else 0


class OpenFile(AbstractContextManager["OpenFile"]):
    """Raises UnreadableFile, UnusableColumns or ChildProcessError, also while it is iterated."""

    def __init__(self, path: Path, job: Job, today: date, references: References, rows_at_once: int) -> None:
        mapping = parse_mapping(job.mapping, entity=job.entity)
        self._rows = open_rows(path, mapping=mapping, filename=job.filename)
        self._rows_at_once = rows_at_once
        self._references = references
        self._seen: dict[str, int] = {}
        self._is_facts = job.entity not in _NO_FACTS
        self._places = {name: place for place, name in enumerate(COLUMNS[job.entity])}
        try:
            self._binding = mapping.bind(job.entity, self._rows.headers)
            if self._binding.faults:
                raise UnusableColumns([_told(fault, fault.pointer, job.language) for fault in self._binding.faults])
            context = mapping.row_context(timezone=job.zone, currency=job.currency, today=today)
            self._parse = RowParser(self._binding, context)
        except BaseException:
            self._rows.close()
            raise
        self.creates_customers = mapping.create_customers is not None
        self.lines = self._rows.lines
        self.columns = {name: self._binding.sources.get(name) for name in sorted(self._binding.provided)}
        self.warnings = [_told(note, note.pointer, job.language) for note in self._binding.warnings]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def __iter__(self) -> Iterator[Slice]:
        rows = iter(self._rows)
        while chunk := list(islice(rows, self._rows_at_once)):
            parsed = Slice(rows=len(chunk))
            for row in chunk:
                self._sort(row if isinstance(row, Rejected) else self._parse(row), parsed)
            yield parsed

    def naming_nobody(self, line: Rejected) -> Rejected:
        """The line with one more reason: no customer has the id that it names."""
        reason = self._reason(
            line.line_number, "customer_external_id", "unknown_customer.none", line.customer_external_id
        )
        is_duplicate = line.reasons[0].why == "duplicate.seen"
        return replace(line, reasons=(*line.reasons[:is_duplicate], reason, *line.reasons[is_duplicate:]))

    def _sort(self, row: Candidate | Rejected, parsed: Slice) -> None:
        if not isinstance(row, Rejected) and (reasons := self._unknown_references(row)):
            row = self._rejected(row, reasons)
        if self._is_facts and (first := self._first_line(row)) is not None:
            if not isinstance(row, Rejected):
                row = self._rejected(row, [])
            seen = self._reason(row.line_number, "external_id", "duplicate.seen", row.external_id, other=first)
            row = replace(row, reasons=(seen, *row.reasons))
            parsed.duplicates += 1
        if isinstance(row, Rejected):
            parsed.rejected.append(row)
        else:
            parsed.candidates.append(row)

    def _first_line(self, row: Candidate | Rejected) -> int | None:
        """The earlier line with the same id; remembers the id of this one."""
        id_ = row.external_id if isinstance(row, Rejected) else row[1]
        line = row.line_number if isinstance(row, Rejected) else row[0]
        if id_ is None:
            return None
        first = self._seen.setdefault(id_, line)  # type: ignore[arg-type]
        return first if first != line else None

    def _unknown_references(self, row: Candidate) -> list[Reason]:
        reasons = []
        owner, product = self._value(row, "owner_email"), self._value(row, "product_name")
        if owner is not None and owner.lower() not in self._references.owners:
            reasons.append(self._reason(row[0], "owner_email", "unknown_reference.owner", owner))
        if product is not None and product_key(product) not in self._references.products:
            reasons.append(self._reason(row[0], "product_name", "unknown_reference.product", product))
        return reasons

    def _rejected(self, row: Candidate, reasons: list[Reason]) -> Rejected:
        names = (self._value(row, name) for name in ("external_id", "customer_external_id"))
        return Rejected(row[0], tuple(reasons), *names)  # type: ignore[arg-type]

    def _value(self, row: Candidate, name: str) -> Any:
        place = self._places.get(name)
        return None if place is None else row[place]

    def _reason(self, line: object, name: str, why: str, value: object, **facts: object) -> Reason:
        column = self._binding.sources.get(name)
        return Reason(line, name, column, why, None if value is None else str(value), facts)  # type: ignore[arg-type]


def _told(worded: Worded, pointer: str, language: str) -> dict[str, Any]:
    return {"pointer": pointer, "code": worded.code, "detail": worded.describe(language)}
