"""What keeps relative classes exact without ranking everybody again: the keys that are ranked, counted in buckets, and
the cuts between classes. All of it is derived: `segmenter.ranking` makes it anew from the metrics every day.
"""

from decimal import Decimal

from sqlalchemy import BigInteger, Identity, Index, Numeric, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import Day, Instant, Json, Ref, Str, WorkspaceId
from shared.models.keys import to_workspace

_QUEUE = {"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"}


class StaleRanking(Base):
    """The durable set of customers whose inputs of the ranking moved. One row a move; all of a customer go together."""

    __tablename__ = "stale_ranking"
    __table_args__ = ({"postgresql_with": _QUEUE},)

    workspace_id: Mapped[WorkspaceId]
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)


class RankingInput(Base):
    """What the last run ranked: one row per customer of the portfolio (P2). Ties go by `tie`, by code point (R2).

    `recent` counts the days from 1970-01-01 to the last purchase. Amounts are in the currency of the workspace.
    """

    __tablename__ = "ranking_input"
    __table_args__ = (
        *(Index(f"ix_ranking_input_{axis}", "workspace_id", axis, "tie") for axis in ("revenue", "orders", "recent")),
        Index("ix_ranking_input_margin", "workspace_id", "margin", "tie", postgresql_where=text("margin > 0")),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    workspace_id: Mapped[WorkspaceId]
    customer_id: Mapped[Ref] = mapped_column(primary_key=True)
    tie: Mapped[str] = mapped_column(Text(collation="C"))
    revenue: Mapped[Decimal] = mapped_column(Numeric)
    margin: Mapped[Decimal | None] = mapped_column(Numeric)
    orders: Mapped[Decimal] = mapped_column(Numeric)
    recent: Mapped[Decimal] = mapped_column(Numeric)
    potential: Mapped[Decimal | None] = mapped_column(Numeric)
    costly: Mapped[bool | None]


class RankingBucket(Base):
    """How many customers have a value from `low` up to the next bucket, and the sum of what is positive among them.

    Orders and days have a bucket for each value; revenue and margin as many as the last run over everybody made.
    """

    __tablename__ = "ranking_bucket"
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    workspace_id: Mapped[WorkspaceId]
    axis: Mapped[Str] = mapped_column(primary_key=True)
    low: Mapped[Decimal] = mapped_column(Numeric, primary_key=True)
    customers: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[Decimal] = mapped_column(Numeric)


class RankingCut(Base):
    """Where a class ends, best first: its last customer has this key. Of RFM, worst first: the last of score `nth`.

    Nobody is in a class that ends at Infinity.
    """

    __tablename__ = "ranking_cut"
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    workspace_id: Mapped[WorkspaceId]
    name: Mapped[Str] = mapped_column(primary_key=True)
    nth: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    axis: Mapped[Str]
    value: Mapped[Decimal] = mapped_column(Numeric)
    tie: Mapped[str] = mapped_column(Text(collation="C"))


class RankingState(Base):
    """Per workspace: the local day its figures stand at, and what its relative classes stand on.

    `basis` is the day, the currency and the settings that the classes follow: where they differ from those of the
    workspace, everybody is classified anew. A run that found more new classes than it may write left some `unfinished`;
    the next looks at everybody again. Rank numbers may be behind for a while, since `ranks_behind_since`: one
    event moves the rank of thousands, but the class of few.
    """

    __tablename__ = "ranking_state"
    __table_args__ = (to_workspace(),)

    workspace_id: Mapped[WorkspaceId]
    as_of: Mapped[Day | None]
    basis: Mapped[Json | None]
    unfinished: Mapped[bool] = mapped_column(server_default=text("false"))
    ranked_at: Mapped[Instant | None]
    population: Mapped[int] = mapped_column(server_default=text("0"))
    ranks_behind_since: Mapped[Instant | None]
