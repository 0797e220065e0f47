"""What the segmenter knows of each customer. `definitions.md` gives the rule of every column.

`customer_metrics` depends on the customer's own facts alone, `customer_scores` on its place among the others.
The split lets one event touch one row, while relative classes follow by their own path.
"""

from decimal import Decimal

from sqlalchemy import BigInteger, Identity, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Day, Instant, Json, Object, Ref, Str, Strings, Total, WorkspaceId


class CustomerMetrics(Base):
    """Figures at `as_of`, a local day (D1). Null means unknown or undefined, never zero.

    A row is written only when a figure changes: the day at which the whole workspace stands is `RankingState.as_of`.
    `previous` holds, per class, the value before its last change.
    """

    __tablename__ = "customer_metrics"
    __table_args__ = (
        Index("ix_customer_metrics_revenue", "workspace_id", text("revenue desc"), "customer_id",
              postgresql_where=text("status in ('active', 'dormant')")),
        {"postgresql_with": {"fillfactor": "70"}},
    )  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    as_of: Mapped[Day]
    computed_at: Mapped[Instant]
    tie_break: Mapped[Str]
    status: Mapped[Str]
    first_purchase: Mapped[Day | None]
    last_purchase: Mapped[Day | None]
    orders: Mapped[int]
    revenue: Mapped[Total]
    margin: Mapped[Total | None]
    cost_to_serve: Mapped[Total]
    nps_score: Mapped[int | None] = mapped_column(SmallInteger)
    nps_class: Mapped[Str | None]
    csat_last: Mapped[int | None] = mapped_column(SmallInteger)
    delivered: Mapped[int]
    opened: Mapped[int]
    clicked: Mapped[int]
    social: Mapped[int]
    churn_signals: Mapped[Strings | None] = mapped_column(nullable=True, server_default=None)
    churn_level: Mapped[Str | None]
    lead_score: Mapped[Decimal] = mapped_column(Numeric(11, 6))
    qualified: Mapped[bool]
    inputs: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    previous: Mapped[Object]


class CustomerScores(Base):
    """Relative classes: null for anybody outside the portfolio (P2). `previous` as in the metrics."""

    __tablename__ = "customer_scores"
    __table_args__ = ({"postgresql_with": {"fillfactor": "70"}},)

    workspace_id: Mapped[WorkspaceId]
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    computed_at: Mapped[Instant]
    rank: Mapped[int | None]
    pareto: Mapped[Str | None]
    abc_revenue: Mapped[Str | None]
    abc_rank: Mapped[Str | None]
    abc_bands: Mapped[Str | None]
    abc_margin: Mapped[Str | None]
    rfm_r: Mapped[int | None] = mapped_column(SmallInteger)
    rfm_f: Mapped[int | None] = mapped_column(SmallInteger)
    rfm_m: Mapped[int | None] = mapped_column(SmallInteger)
    rfm_segment: Mapped[Str | None]
    rfm_segment_intervals: Mapped[Str | None]
    ntile_r: Mapped[int | None] = mapped_column(SmallInteger)
    ntile_f: Mapped[int | None] = mapped_column(SmallInteger)
    ntile_m: Mapped[int | None] = mapped_column(SmallInteger)
    ntile_segment: Mapped[Str | None]
    ntile_segment_intervals: Mapped[Str | None]
    high_potential: Mapped[bool | None]
    high_potential_reasons: Mapped[Strings | None] = mapped_column(nullable=True, server_default=None)
    costly: Mapped[bool | None]
    previous: Mapped[Object]


class ScoreHistory(Base):
    """The fields of an answer that changed, with their new values. Folding the rows up to a day gives that day."""

    __tablename__ = "score_history"
    __table_args__ = ()

    workspace_id: Mapped[WorkspaceId]
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recorded_at: Mapped[Instant]
    as_of: Mapped[Day]
    changed: Mapped[Json]
    correlation_id: Mapped[Str | None]


class StaleCustomer(Base):
    """The durable set of customers to recompute. Marked twice, computed once: all marks of a customer go together.

    A mark is a row of its own, so that nobody who marks waits for whoever computes. Priority 0 is for events, 1 for
    changed classes, 2 for whole workspaces. `marked_at` lies in the future for one that failed: when to retry.
    """

    __tablename__ = "stale_customer"
    __table_args__ = (
        Index("ix_stale_customer_queue", "priority", "marked_at"),
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"}},
    )

    workspace_id: Mapped[WorkspaceId]
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    marked_at: Mapped[CreatedAt]
    correlation_id: Mapped[Str | None]
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))


class StaleSegment(Base):
    """The durable set of segments whose members are to be found anew."""

    __tablename__ = "stale_segment"
    __table_args__ = ()

    workspace_id: Mapped[WorkspaceId]
    segment_id: Mapped[Ref] = mapped_column(primary_key=True)
    marked_at: Mapped[CreatedAt]
    correlation_id: Mapped[Str | None]
