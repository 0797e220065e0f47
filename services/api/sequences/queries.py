"""Read sequences and their enrollments."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select

from services.api.pagination import Column, Sort, by_name, page
from services.api.records import matching
from services.api.sequences.schemas import EnrollmentListParameters, SequenceListParameters
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.errors import NotFound
from shared.models import DueAction, Enrollment, Sequence, SequenceVersion

HEAD: Final = ("id", "name", "status", "definition_version", "version", "created_at", "updated_at")
MEMBERS: Final = ("trigger", "reentry", "exit_on", "goal", "send_window", "daily_cap", "steps")
LIVING: Final = Sequence.deleted_at.is_(None)
RUN: Final[list[Column]] = [
    getattr(Enrollment, name)
    for name in (
        "id", "sequence_id", "definition_version", "customer_id", "attempt", "status", "position", "enrolled_at",
        "ended_at", "exit_reason",
    )
]  # fmt: skip


def as_sequence(head: Any, definition: dict[str, Any]) -> dict[str, Any]:
    """The answer's shape from a row with the head's columns by name, and the definition it stands at."""
    return {name: head[name] for name in HEAD} | {name: definition.get(name) for name in MEMBERS}


async def sequence_by_id(work: Work, sequence_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = (await work.session.execute(_sequences(work).where(Sequence.id == sequence_id))).one_or_none()
    if row is None:
        raise NotFound(f"Sequence {sequence_id} does not exist.")
    return _from_row(row)


async def sequences_by(work: Work, wanted: SequenceListParameters) -> dict[str, Any]:
    statement = _sequences(work).where(*matching(Sequence, wanted, "status"))
    sort = Sort(Sequence.name, Sequence.id)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=_from_row)


async def enrollments_of(work: Work, sequence_id: UUID, wanted: EnrollmentListParameters) -> dict[str, Any]:
    """Raises NotFound."""
    await sequence_by_id(work, sequence_id)
    due = (
        select(func.min(DueAction.due_at))
        .where(DueAction.workspace_id == Enrollment.workspace_id, DueAction.enrollment_id == Enrollment.id)
        .correlate(Enrollment)
        .scalar_subquery()
    )
    statement = select(*RUN, due.label("next_due_at")).where(
        Enrollment.workspace_id == work.workspace_id,
        Enrollment.sequence_id == sequence_id,
        visible_facts(work.principal, Enrollment.customer_id),
        *matching(Enrollment, wanted, "status", "customer_id"),
    )
    sort = Sort(Enrollment.enrolled_at, Enrollment.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)


def _sequences(work: Work) -> Select[Any]:
    present = and_(
        SequenceVersion.workspace_id == Sequence.workspace_id,
        SequenceVersion.sequence_id == Sequence.id,
        SequenceVersion.definition_version == Sequence.definition_version,
    )
    columns: list[Column] = [getattr(Sequence, name) for name in HEAD]
    return (
        select(*columns, SequenceVersion.definition)
        .join(SequenceVersion, present)
        .where(Sequence.workspace_id == work.workspace_id, LIVING)
    )


def _from_row(row: Row[Any]) -> dict[str, Any]:
    found = row._mapping  # noqa: SLF001  The documented way to read a row by name.
    return as_sequence(found, found["definition"])
