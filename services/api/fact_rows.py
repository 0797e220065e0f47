"""Rows of facts, checked in the order of rule I7: duplicate, customer, timestamp, amount, kind or score, sign, cost.

The first error of a rejected row is therefore the reason that every engine gives for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import or_, select

from services.api.batches import Batch, check_rows
from services.api.subjects import AboutCustomer, one_reference
from services.api.visibility import visible_customers
from services.api.work import Work
from shared.errors import Fault
from shared.models import Customer, SurveyResponse, Transaction

Row = TypeVar("Row", bound=AboutCustomer)
Reference = UUID | str

FIELDS = (
    "/customer_id",
    "/customer_external_id",
    "/occurred_at",
    "/answered_at",
    "/amount",
    "/kind",
    "/score",
    "/cost",
)
RANK = {f"#{field}": rank for rank, field in enumerate(FIELDS)}


@dataclass(slots=True)
class Facts(Generic[Row]):
    """The rows that may be recorded, each with its customer, which is locked."""

    batch: Batch[Row]
    references: list[str | None]
    repeats: dict[int, int]
    owners: dict[int, UUID] = field(default_factory=dict)

    def accept(self, index: int, status: int, id: UUID) -> None:
        """Answer a row, also one that was rejected before its reference turned out to be known."""
        self.batch.rows.pop(index, None)
        self.batch.answers[index] = {"index": index, "status": status, "id": id, "errors": []}

    def owners_of_rows(self) -> list[UUID]:
        return [self.owners[index] for index in self.batch.rows]

    async def answer_known(self, work: Work, model: type[Transaction] | type[SurveyResponse]) -> None:
        """200 for every row whose reference is recorded already, whatever else the row says: the first one wins."""
        given = {reference for reference in self.references if reference is not None}
        if not given:
            return
        statement = select(model.external_id, model.id).where(
            model.workspace_id == work.workspace_id, model.external_id.in_(given)
        )
        known = {row.external_id: row.id for row in await work.session.execute(statement)}
        for index, reference in enumerate(self.references):
            if reference in known and index not in self.repeats and not self._is_in(index):
                self.accept(index, 200, known[reference])

    def _is_in(self, index: int) -> bool:
        return index in self.batch.answers and self.batch.answers[index]["status"] < 400

    def summary(self) -> dict[str, Any]:
        """The answers; a repeat within the batch is answered as its first occurrence was."""
        for index, first in self.repeats.items():
            answer = self.batch.answers[first]
            if answer["id"] is not None:
                self.accept(index, 200, answer["id"])
            else:
                detail = f"Row {first} has the same external_id and was rejected."
                self.batch.reject(index, Fault("#/external_id", "duplicate", detail))
        return self.batch.summary()


async def check_facts(work: Work, items: Sequence[Mapping[str, Any]], adapter: TypeAdapter[Row]) -> Facts[Row]:
    """Validate every row and lock the customers they are about, in the order of their ids."""
    batch = check_rows(items, adapter, one_reference)
    subjects = await _lock_subjects(work, {reference for item in items if (reference := _subject_of(item)) is not None})
    references = [_reference_of(item) for item in items]
    facts = Facts(batch, references, _repeats(references))
    for index in facts.repeats:
        batch.rows.pop(index, None)
        batch.answers.pop(index, None)
    for index, item in enumerate(items):
        subject = _subject_of(item)
        if index in batch.rows and subject in subjects:
            facts.owners[index] = subjects[subject]
        elif index not in facts.repeats:
            _reject(batch, index, item, known=subject is None or subject in subjects)
    return facts


def _reference_of(item: Any) -> str | None:
    """The row's own reference as it would be stored, also of a row that is wrong otherwise."""
    return _text(item.get("external_id")) or None if isinstance(item, Mapping) else None


def _text(given: Any) -> str | None:
    """What a query may be asked for; PostgreSQL refuses text with U+0000 altogether."""
    return given.strip() if isinstance(given, str) and "\x00" not in given else None


def _reject(batch: Batch[Row], index: int, item: Mapping[str, Any], *, known: bool) -> None:
    """Put the faults of a row into the order of I7, its unknown customer among them."""
    before = batch.answers[index]["errors"] if index in batch.answers else []
    faults = [Fault(**fault) for fault in before]
    if not known:
        by_id = item.get("customer_id") is not None
        pointer = "#/customer_id" if by_id else "#/customer_external_id"
        faults.append(Fault(pointer, "unknown_customer", "No such customer in your portfolio."))
    batch.reject(index, *sorted(faults, key=_rank))


def _rank(fault: Fault) -> float:
    sign = 0.5 + RANK["#/score"] if fault.code == "bad_sign" else None
    return RANK.get(fault.pointer, len(RANK)) if sign is None else sign


def _repeats(references: Sequence[str | None]) -> dict[int, int]:
    """Which rows repeat the reference of an earlier one, and which one."""
    first: dict[str, int] = {}
    repeats: dict[int, int] = {}
    for index, reference in enumerate(references):
        if reference is not None and first.setdefault(reference, index) != index:
            repeats[index] = first[reference]
    return repeats


def _subject_of(item: Any) -> Reference | None:
    """The customer that a row names in a form that can be looked up, if it names one."""
    if not isinstance(item, Mapping):
        return None
    id_, reference = item.get("customer_id"), item.get("customer_external_id")
    if (id_ is None) == (reference is None):
        return None
    if id_ is None:
        return _text(reference)
    try:
        return UUID(str(id_))
    except ValueError:
        return None


async def _lock_subjects(work: Work, references: set[Reference]) -> dict[Reference, UUID]:
    ids = [reference for reference in references if isinstance(reference, UUID)]
    texts = [reference for reference in references if isinstance(reference, str)]
    statement = (
        select(Customer.id, Customer.external_id)
        .where(
            Customer.workspace_id == work.workspace_id,
            Customer.deleted_at.is_(None),
            or_(Customer.id.in_(ids), Customer.external_id.in_(texts)),
            visible_customers(work.principal),
        )
        .order_by(Customer.id)
        .with_for_update(key_share=True)
    )
    found: dict[Reference, UUID] = {}
    for id_, reference in await work.session.execute(statement):
        found |= {id_: id_} if reference is None else {id_: id_, reference: id_}
    return found
