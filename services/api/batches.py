"""Batches: each row is checked by itself and gets an answer of its own; a bad one does not stop the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.api.faults import faults_of
from services.api.wire import find_nul, may_hold_nul
from shared.domain.ids import uuid7
from shared.errors import Fault

Row = TypeVar("Row")


@dataclass(slots=True)
class Batch(Generic[Row]):
    """The valid rows by their index, and the answers so far."""

    size: int
    rows: dict[int, Row] = field(default_factory=dict)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)

    def reject(self, index: int, *faults: Fault) -> None:
        self.rows.pop(index, None)
        errors = [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in faults]
        self.answers[index] = {"index": index, "status": 422, "id": None, "errors": errors}

    def accept(self, index: int, status: int, id: UUID) -> None:
        del self.rows[index]
        self.answers[index] = {"index": index, "status": status, "id": id, "errors": []}

    def accept_known(self, known: Mapping[str, UUID]) -> dict[UUID, int]:
        """Answer the rows whose reference is known; new ids, with the index they are for, for all others.

        Within the batch the first row of a reference wins; the later ones wait for its answer.
        """
        fresh: dict[UUID, int] = {}
        taken: set[str] = set()
        for index, row in list(self.rows.items()):
            reference = row.external_id  # type: ignore[attr-defined]
            if reference in known:
                self.accept(index, 200, known[reference])
            elif reference is None or reference not in taken:
                fresh[uuid7()] = index
                taken.add(reference)
        return fresh

    def accept_new(self, fresh: Mapping[UUID, int], inserted: Iterable[UUID]) -> None:
        """Answer the rows that were inserted, and those of the batch that repeat one of them."""
        references = {}
        for id_ in inserted:
            index = fresh[id_]
            references[self.rows[index].external_id] = id_  # type: ignore[attr-defined]
            self.accept(index, 201, id_)
        for index, row in list(self.rows.items()):
            if (reference := row.external_id) is not None and reference in references:  # type: ignore[attr-defined]
                self.accept(index, 200, references[reference])

    def column(self, name: str) -> list[Any]:
        """One field of all valid rows, ready for `unnest`."""
        return [getattr(row, name) for row in self.rows.values()]

    def summary(self, *, updated: int = 0) -> dict[str, Any]:
        statuses = [self.answers[index]["status"] for index in range(self.size)]
        return {
            "items": [self.answers[index] for index in range(self.size)],
            "created": statuses.count(201),
            "updated": updated,
            "unchanged": statuses.count(200) - updated,
            "rejected": sum(status >= 400 for status in statuses),
        }


def check_rows(
    items: Sequence[Any], adapter: TypeAdapter[Row], extra: Callable[[Row], Sequence[Fault]] | None = None
) -> Batch[Row]:
    """Validate each row alone. `extra` adds checks that pydantic cannot express."""
    batch: Batch[Row] = Batch(len(items))
    search = may_hold_nul(items)
    for index, item in enumerate(items):
        if search and (fault := find_nul(item)) is not None:
            batch.reject(index, fault)
            continue
        try:
            row = adapter.validate_python(item)
        except ValidationError as error:
            batch.reject(index, *faults_of(_in_row(error)))
            continue
        if extra is not None and (faults := extra(row)):
            batch.reject(index, *faults)
        else:
            batch.rows[index] = row
    return batch


def _in_row(error: ValidationError) -> list[Mapping[str, Any]]:
    return [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False, include_input=False)]
