"""What the plain evaluator needs to know of some customers: for explanations, and to test SQL against it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from shared.domain.rules.fields import PREVIOUS_PREFIX
from shared.domain.rules.viewpoint import Viewpoint
from shared.models.customers import Customer
from shared.models.segments import SegmentMembership
from shared.rules.record import column_of
from shared.rules.select import joined, present

Record = Mapping[str, object]


def select_fields(workspace_id: UUID, fields: Iterable[str], view: Viewpoint) -> Select[Any]:
    """One row a customer: its id, then the fields in their sorted order, as `as_record` takes them."""
    columns = [_expression(name, view).label(f"field_{at}") for at, name in enumerate(sorted(fields))]
    return select(Customer.id, *columns).select_from(joined()).where(present(workspace_id))


def select_records(
    workspace_id: UUID, customers: Collection[UUID], fields: Iterable[str], view: Viewpoint
) -> Select[Any]:
    """`select_fields` of some customers."""
    wanted = Customer.id == func.any(cast(list(customers), ARRAY(PgUuid)))
    return select_fields(workspace_id, fields, view).where(wanted)


def as_record(row: Iterable[Any], fields: Iterable[str]) -> tuple[UUID, Record]:
    """The customer and what `shared.domain.rules.evaluate` reads, from a row of `select_records`."""
    customer_id, *values = row
    record = dict(zip(sorted(fields), values, strict=True))
    return customer_id, record | {"birth_date": _birthday(record.get("birth_date"))}


def _birthday(text: str | None) -> date | str | None:
    """A date if the year is known; else the text that lacks it."""
    return text if text is None or text.startswith("--") else date.fromisoformat(text)


def _expression(name: str, view: Viewpoint) -> ColumnElement[Any]:
    column = column_of(name.removeprefix(PREVIOUS_PREFIX), view)
    if name.startswith(PREVIOUS_PREFIX):
        return column.previous if column.previous is not None else cast(None, Text)
    if column.kind == "segments":
        return _segments()
    return column.expression


def _segments() -> ColumnElement[Any]:
    mine = (SegmentMembership.workspace_id == Customer.workspace_id) & (SegmentMembership.customer_id == Customer.id)
    ids = select(func.array_agg(cast(SegmentMembership.segment_id, Text))).where(mine)
    return ids.correlate(Customer).scalar_subquery()
