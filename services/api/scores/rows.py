"""Where figures are read from: the rows that stand now, or the history folded up to a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, literal, null, select, true
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.api.visibility import visible_customers
from services.api.work import Work
from shared.domain.score_answer import CLASSES, METRICS, figures_of, score_answer
from shared.models import Customer, CustomerMetrics, CustomerScores, RankingState, ScoreHistory

_IDENTITY = (Customer.id.label("customer_id"), Customer.external_id)
_FOLDED = "figures"


def column_of(figure: str) -> ColumnElement[Any]:
    """The column of a flat figure in `present`."""
    if figure in METRICS:
        return getattr(CustomerMetrics, METRICS[figure])  # type: ignore[no-any-return]
    return getattr(CustomerScores, CLASSES[figure])  # type: ignore[no-any-return]


def present(work: Work) -> Select[Any]:
    """One row per visible customer; a customer that nobody computed yet has nulls."""
    stands_at = select(RankingState.as_of).where(RankingState.workspace_id == work.workspace_id).scalar_subquery()
    metrics = and_(CustomerMetrics.workspace_id == Customer.workspace_id, CustomerMetrics.customer_id == Customer.id)
    scores = and_(CustomerScores.workspace_id == Customer.workspace_id, CustomerScores.customer_id == Customer.id)
    as_of = case((CustomerMetrics.as_of.is_not(None), func.greatest(CustomerMetrics.as_of, stands_at)))
    return (
        select(
            *_IDENTITY,
            *(column_of(figure) for figure in (*METRICS, *CLASSES)),
            as_of.label("as_of"),
            CustomerMetrics.computed_at,
            CustomerScores.computed_at.label("classes_computed_at"),
        )
        .outerjoin(CustomerMetrics, metrics)
        .outerjoin(CustomerScores, scores)
        .where(*_in_sight(work))
    )


def recorded(work: Work, day: date, wanted: Mapping[str, Any] | None = None) -> Select[Any]:
    """One row per visible customer with its figures as they were known when that local day ended, and equal `wanted`.

    The history has the new values of what changed, so the last value of each name is the one that stood.
    """
    each = func.jsonb_each(ScoreHistory.changed).table_valued("key", "value").lateral()
    last = aggregate_order_by(each.c.value, ScoreHistory.id)
    folded = (
        select(
            func.jsonb_object_agg(each.c.key, last, type_=JSONB).label(_FOLDED),
            func.max(ScoreHistory.recorded_at).label("computed_at"),
        )
        .select_from(ScoreHistory)
        .join(each, true())
        .where(
            ScoreHistory.workspace_id == work.workspace_id,
            ScoreHistory.customer_id == Customer.id,
            ScoreHistory.as_of <= day,
        )
        .correlate(Customer)
        .lateral()
    )
    figures = folded.c[_FOLDED]
    as_of = case((figures.is_not(None), literal(day, Date)), else_=null())
    instant = folded.c.computed_at
    statement = (
        select(*_IDENTITY, figures, as_of.label("as_of"), instant, instant.label("classes_computed_at"))
        .join(folded, true())
        .where(*_in_sight(work))
    )
    if wanted is None:
        return statement
    return statement.where(figures.is_not(None), figures.contains(dict(wanted)))


def shape(row: Mapping[Any, Any], *, decimals: int) -> dict[str, Any]:
    """The answer of a row of either statement."""
    as_of = row["as_of"]
    figures = row[_FOLDED] or {} if _FOLDED in row else figures_of(row, row)
    return {
        "customer_id": row["customer_id"],
        "external_id": row["external_id"],
        "as_of": as_of,
        "computed_at": row["computed_at"],
        "classes_computed_at": row["classes_computed_at"],
        **score_answer(figures if as_of else {}, as_of=as_of or date.min, decimals=decimals),
    }


def _in_sight(work: Work) -> tuple[ColumnElement[bool], ...]:
    return (
        Customer.workspace_id == work.workspace_id,
        Customer.deleted_at.is_(None),
        visible_customers(work.principal),
    )
