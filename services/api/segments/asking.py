"""Ask a rule about customers as they are now: how many satisfy it, and why one does or does not. Reads only."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, func, select, text

from services.api.locality import viewpoint_of
from services.api.rules_given import fields_known, read_rule
from services.api.segments.queries import LIVING
from services.api.segments.schemas import SegmentPreview
from services.api.visibility import visible_customers
from services.api.work import Work
from shared.domain.durations import Duration
from shared.domain.rules.evaluate import Record, RuleTrace, explain, matches
from shared.domain.rules.references import fields_used, time_sensitive
from shared.domain.rules.tree import Group
from shared.domain.rules.viewpoint import Viewpoint
from shared.errors import NotFound
from shared.models import Customer, Segment, SegmentMembership
from shared.rules.compile import condition
from shared.rules.records import as_record, select_records
from shared.rules.select import joined, present

SAMPLE: Final = 10
_PATIENCE: Final = text("set local statement_timeout = '10s'")


async def preview(work: Work, given: SegmentPreview) -> dict[str, Any]:
    """How many customers a rule would find within the caller's sight, and some of them. Writes nothing."""
    rule = read_rule(given.rule, await fields_known(work))
    view = await viewpoint_of(work)
    await work.session.execute(_PATIENCE)
    wanted = (present(work.workspace_id), visible_customers(work.principal), condition(rule, view))
    count = await work.session.scalar(select(func.count()).select_from(joined()).where(*wanted))
    columns = (Customer.id, Customer.external_id, Customer.name)
    sample = select(*columns).select_from(joined()).where(*wanted).order_by(Customer.id).limit(SAMPLE)
    rows = (await work.session.execute(sample)).mappings()
    return {"count": count, "sample": [dict(row) for row in rows], "time_sensitive": time_sensitive(rule)}


async def explain_membership(work: Work, segment_id: UUID, customer_id: UUID) -> dict[str, Any]:
    """Why a customer is in a segment or not, from one read of its present row. Raises NotFound for either."""
    segment = await _segment(work, segment_id)
    rule = read_rule(segment["rule"], await fields_known(work))
    view = await viewpoint_of(work)
    since, record = await _present_record(work, segment_id, customer_id, rule, view)
    trace = explain(rule, record, view.today, view.now, view.timezone)
    return {
        "segment_id": segment_id,
        "customer_id": customer_id,
        "definition_version": segment["definition_version"],
        "is_member": since is not None,
        "since": since,
        "matches": matches(rule, record, view.today, view.now, view.timezone),
        "at": work.now,
        "trace": [_traced(step) for step in trace],
    }


async def _segment(work: Work, segment_id: UUID) -> RowMapping:
    statement = select(Segment.rule, Segment.definition_version).where(
        Segment.workspace_id == work.workspace_id, Segment.id == segment_id, LIVING
    )
    row: RowMapping | None = (await work.session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Segment {segment_id} does not exist.")
    return row


async def _present_record(
    work: Work, segment_id: UUID, customer_id: UUID, rule: Group, view: Viewpoint
) -> tuple[Any, Record]:
    """Since when the customer is a member (None if it is not), and what the rule asks about."""
    since = (
        select(SegmentMembership.entered_at)
        .where(
            SegmentMembership.workspace_id == work.workspace_id,
            SegmentMembership.segment_id == segment_id,
            SegmentMembership.customer_id == customer_id,
        )
        .scalar_subquery()
    )
    fields = fields_used(rule)
    statement = select_records(work.workspace_id, [customer_id], fields, view).where(visible_customers(work.principal))
    row = (await work.session.execute(statement.add_columns(since))).one_or_none()
    if row is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
    *record, entered_at = row
    return entered_at, as_record(record, fields)[1]


def _traced(step: RuleTrace) -> dict[str, Any]:
    return {
        "pointer": f"#/rule{step.pointer[1:]}",
        "field": step.field,
        "operator": step.operator,
        "wanted": _plain(step.wanted),
        "actual": _plain(step.actual),
        "result": step.result,
    }


def _plain(value: object) -> Any:
    """As JSON can say it; amounts stay exact as text."""
    if isinstance(value, Duration):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
