"""Batches: each row is checked by itself and gets an answer of its own; a bad one does not stop the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.api.faults import faults_of
from shared.errors import Fault, InvalidInput

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
        self.answers[index] = {"index": index, "status": status, "id": id, "errors": []}

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
    for index, item in enumerate(items):
        try:
            row = adapter.validate_python(item)
        except ValidationError as error:
            batch.reject(index, *faults_of(_in_row(error)))
            continue
        except InvalidInput as error:
            batch.reject(index, *error.faults)
            continue
        if extra is not None and (faults := extra(row)):
            batch.reject(index, *faults)
        else:
            batch.rows[index] = row
    return batch


def _in_row(error: ValidationError) -> list[Mapping[str, Any]]:
    return [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False, include_input=False)]
