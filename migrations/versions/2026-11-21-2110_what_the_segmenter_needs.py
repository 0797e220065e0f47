"""What the segmenter needs: urgent before bulk, segments to find anew, what a class was before, how far ranking is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

CURRENT_WORKSPACE = "nullif(current_setting('app.workspace_id', true), '')::uuid"


def upgrade() -> None:
    # A migration never waits behind a long transaction: it gives up, and is run again.
    op.execute("set local lock_timeout = '4s'")
    for table in ("customer_metrics", "customer_scores"):
        op.add_column(table, sa.Column("previous", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False))
    # Bounds of the lead score are a setting, and may be as wide as 10,000 points.
    op.alter_column("customer_metrics", "lead_score", type_=sa.Numeric(11, 6))
    op.add_column(
        "stale_customer", sa.Column("priority", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    # A mark is a row of its own, so that nobody who marks a customer waits for whoever computes it.
    op.add_column("stale_customer", sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False))
    op.drop_constraint("pk_stale_customer", "stale_customer")
    op.create_primary_key("pk_stale_customer", "stale_customer", ["workspace_id", "customer_id", "id"])
    op.drop_index("ix_stale_customer_marked_at", table_name="stale_customer")
    op.create_index("ix_stale_customer_queue", "stale_customer", ["priority", "marked_at"])
    for counter in ("changes", "ranked_changes"):
        op.add_column("ranking_state", sa.Column(counter, sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("ranking_state", sa.Column("ranks_behind_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "stale_segment",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("segment_id", sa.UUID(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "segment_id", name=op.f("pk_stale_segment")),
    )
    op.execute("alter table stale_segment enable row level security")
    op.execute(f"create policy of_workspace on stale_segment using (workspace_id = {CURRENT_WORKSPACE})")
    op.execute("grant select, insert, update, delete on stale_segment to portefeuille_api")


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_table("stale_segment")
    for column in ("ranks_behind_since", "ranked_changes", "changes"):
        op.drop_column("ranking_state", column)
    op.drop_index("ix_stale_customer_queue", table_name="stale_customer")
    op.create_index("ix_stale_customer_marked_at", "stale_customer", ["marked_at"])
    op.execute(
        "delete from stale_customer s using stale_customer o"
        " where (s.workspace_id, s.customer_id) = (o.workspace_id, o.customer_id) and s.id > o.id"
    )
    op.drop_constraint("pk_stale_customer", "stale_customer")
    op.create_primary_key("pk_stale_customer", "stale_customer", ["workspace_id", "customer_id"])
    op.drop_column("stale_customer", "id")
    op.drop_column("stale_customer", "priority")
    op.alter_column("customer_metrics", "lead_score", type_=sa.Numeric(9, 6))
    for table in ("customer_scores", "customer_metrics"):
        op.drop_column(table, "previous")
