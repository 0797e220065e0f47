"""Read segments: their definitions, their members, and who came and went."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from services.api.pagination import Column, Sort, by_name, page
from services.api.segments.schemas import HistoryParameters, MemberListParameters, SegmentListParameters
from services.api.visibility import visible_customers, visible_facts
from services.api.work import Work
from shared.errors import NotFound
from shared.models import Customer, Segment, SegmentMembership, SegmentMembershipHistory

NAMES: Final = ("id", "key", "name", "description", "rule", "definition_version", "version", "created_at", "updated_at")
LIVING: Final = Segment.deleted_at.is_(None)
MEMBER: Final[list[Column]] = [
    SegmentMembership.customer_id,
    Customer.external_id,
    Customer.name,
    SegmentMembership.entered_at,
    SegmentMembership.definition_version,
    SegmentMembership.reason,
]
MOVEMENT: Final[list[Column]] = [
    getattr(SegmentMembershipHistory, name) for name in ("id", "customer_id", "change", "at", "reason")
]


def as_segment(row: Any, member_count: int) -> dict[str, Any]:
    """The answer's shape from a row with the columns by name."""
    segment = {name: row[name] for name in NAMES}
    return segment | {"built_in": row["key"] is not None, "member_count": member_count}


async def segment_by_id(work: Work, segment_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = (await work.session.execute(_segments(work).where(Segment.id == segment_id))).one_or_none()
    if row is None:
        raise NotFound(f"Segment {segment_id} does not exist.")
    return _counted(row)


async def segments_by(work: Work, wanted: SegmentListParameters) -> dict[str, Any]:
    statement = _segments(work)
    if wanted.built_in is not None:
        statement = statement.where(Segment.key.is_not(None) if wanted.built_in else Segment.key.is_(None))
    sort = Sort(Segment.name, Segment.id)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=_counted)


async def members_of(work: Work, segment_id: UUID, wanted: MemberListParameters) -> dict[str, Any]:
    """Raises NotFound."""
    await must_exist(work, segment_id)
    sortable = {"customer_id": SegmentMembership.customer_id, "entered_at": SegmentMembership.entered_at}
    sort = Sort.parse(wanted.sort, sortable, id=SegmentMembership.customer_id, default="customer_id")
    customer = and_(
        Customer.workspace_id == SegmentMembership.workspace_id, Customer.id == SegmentMembership.customer_id
    )
    statement = (
        select(*MEMBER)
        .join(Customer, customer)
        .where(
            SegmentMembership.workspace_id == work.workspace_id,
            SegmentMembership.segment_id == segment_id,
            Customer.deleted_at.is_(None),
            visible_customers(work.principal),
        )
    )
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)


async def movements_of(work: Work, segment_id: UUID, wanted: HistoryParameters) -> dict[str, Any]:
    """Raises NotFound."""
    await must_exist(work, segment_id)
    history = SegmentMembershipHistory
    statement = select(*MOVEMENT).where(
        history.workspace_id == work.workspace_id,
        history.segment_id == segment_id,
        visible_facts(work.principal, history.customer_id),
    )
    if wanted.customer_id is not None:
        statement = statement.where(history.customer_id == wanted.customer_id)
    sort = Sort(history.id, history.id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)


async def must_exist(work: Work, segment_id: UUID) -> None:
    statement = select(Segment.id).where(Segment.workspace_id == work.workspace_id, Segment.id == segment_id, LIVING)
    if await work.session.scalar(statement) is None:
        raise NotFound(f"Segment {segment_id} does not exist.")


def _segments(work: Work) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [getattr(Segment, name) for name in NAMES]
    members = (
        select(func.count())
        .where(
            SegmentMembership.workspace_id == Segment.workspace_id,
            SegmentMembership.segment_id == Segment.id,
            visible_facts(work.principal, SegmentMembership.customer_id),
        )
        .correlate(Segment)
        .scalar_subquery()
    )
    return select(*columns, members.label("member_count")).where(Segment.workspace_id == work.workspace_id, LIVING)


def _counted(row: Row[Any]) -> dict[str, Any]:
    found = row._mapping  # noqa: SLF001  The documented way to read a row by name.
    return as_segment(found, found["member_count"])
