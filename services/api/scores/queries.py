"""Read scores: what stands now, what was recorded on a day, and the segments a customer is in."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from services.api.locality import Locality, locality_of
from services.api.pagination import Column, Sort, by_name, page
from services.api.schemas import PageParameters
from services.api.scores.choosing import chosen, paths_in
from services.api.scores.rows import column_of, present, recorded, shape
from services.api.scores.schemas import AsOf, ScoreListParameters
from services.api.visibility import visible_customers
from services.api.work import Work
from shared.errors import InvalidInput, NotFound
from shared.models import Customer, CustomerMetrics, Segment, SegmentMembership

FILTERS: Final[Mapping[str, str]] = {
    **{name: name for name in ("status", "pareto", "abc_revenue", "abc_rank", "abc_bands", "abc_margin", "nps_class")},
    "rfm_segment": "rfm.segment",
    "rfm_segment_intervals": "rfm.segment_intervals",
    "rfm_ntile_segment": "rfm_ntile.segment",
    "churn_level": "churn_risk.level",
    "high_potential": "high_potential.flag",
    "costly": "costly",
    "qualified": "qualified",
}
SORTABLE: Final[dict[str, Column]] = {
    "customer_id": CustomerMetrics.customer_id,
    "revenue": CustomerMetrics.revenue,
    "orders": CustomerMetrics.orders,
    "lead_score": CustomerMetrics.lead_score,
}
MEMBERSHIP: Final[list[Column]] = [
    SegmentMembership.segment_id,
    Segment.key,
    Segment.name,
    Segment.key.is_not(None).label("built_in"),
    SegmentMembership.definition_version,
    SegmentMembership.entered_at,
    SegmentMembership.reason,
]


async def scores_of(work: Work, customer_id: UUID, asked: AsOf) -> dict[str, Any]:
    """Raises NotFound. Every figure is null for a customer that was not computed yet, or not by that day."""
    locality = await locality_of(work)
    _refuse_unanswerable(asked, locality)
    statement = present(work) if asked.as_of is None else recorded(work, asked.as_of)
    row = (await work.session.execute(statement.where(Customer.id == customer_id))).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
    return shape(row, decimals=locality.decimals)


async def scores_by(work: Work, wanted: ScoreListParameters) -> dict[str, Any]:
    """The customers that have figures, by filters."""
    locality = await locality_of(work)
    _refuse_unanswerable(wanted, locality)
    given = {FILTERS[name]: value for name in FILTERS if (value := getattr(wanted, name)) is not None}
    if wanted.as_of is None:
        sort = Sort.parse(wanted.sort, SORTABLE, id=CustomerMetrics.customer_id, default="customer_id")
        equal = (column_of(figure) == value for figure, value in given.items())
        statement = present(work).where(CustomerMetrics.customer_id.is_not(None), *equal)
    else:
        sort = Sort.parse(wanted.sort, {"customer_id": Customer.id}, id=Customer.id, default="customer_id")
        statement = recorded(work, wanted.as_of, given)
    view = partial(_part_of, paths=paths_in(wanted.fields), decimals=locality.decimals)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=view)


async def memberships_of(work: Work, customer_id: UUID, wanted: PageParameters) -> dict[str, Any]:
    """The segments a customer is in, latest first. Raises NotFound."""
    await _must_see(work, customer_id)
    statement = (
        select(*MEMBERSHIP)
        .join(
            Segment,
            (Segment.workspace_id == SegmentMembership.workspace_id) & (Segment.id == SegmentMembership.segment_id),
        )
        .where(
            SegmentMembership.workspace_id == work.workspace_id,
            SegmentMembership.customer_id == customer_id,
            Segment.deleted_at.is_(None),
        )
    )
    sort = Sort(SegmentMembership.entered_at, SegmentMembership.segment_id, descending=True)
    return await page(work, statement, sort, cursor=wanted.cursor, limit=wanted.limit, view=by_name)


def _refuse_unanswerable(asked: AsOf, locality: Locality) -> None:
    if asked.basis == "computed":
        detail = "Only what was recorded can be answered: leave basis out, or send basis=recorded."
        raise InvalidInput.at("?basis", "basis_not_available", detail)
    if asked.as_of is not None and asked.as_of > locality.today:
        raise InvalidInput.at("?as_of", "bad_date", f"Today is {locality.today} in this workspace.")


def _part_of(row: Row[Any], *, paths: tuple[str, ...], decimals: int) -> dict[str, Any]:
    return chosen(shape(row._mapping, decimals=decimals), paths)  # noqa: SLF001  The documented way by name.


async def _must_see(work: Work, customer_id: UUID) -> None:
    statement = select(Customer.id).where(
        Customer.workspace_id == work.workspace_id,
        Customer.id == customer_id,
        Customer.deleted_at.is_(None),
        visible_customers(work.principal),
    )
    if await work.session.scalar(statement) is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
