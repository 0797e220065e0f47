"""Segments, memberships, metrics, scores and their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.create_table(
        "customer_metrics",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tie_break", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("first_purchase", sa.Date(), nullable=True),
        sa.Column("last_purchase", sa.Date(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("revenue", sa.Numeric(precision=18, scale=4), nullable=False),
        sa.Column("margin", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("cost_to_serve", sa.Numeric(precision=18, scale=4), nullable=False),
        sa.Column("nps_score", sa.SmallInteger(), nullable=True),
        sa.Column("nps_class", sa.Text(), nullable=True),
        sa.Column("csat_last", sa.SmallInteger(), nullable=True),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("clicked", sa.Integer(), nullable=False),
        sa.Column("social", sa.Integer(), nullable=False),
        sa.Column("churn_signals", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=True),
        sa.Column("churn_level", sa.Text(), nullable=True),
        sa.Column("lead_score", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("qualified", sa.Boolean(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "customer_id", name=op.f("pk_customer_metrics")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index(
        "ix_customer_metrics_revenue",
        "customer_metrics",
        ["workspace_id", sa.literal_column("revenue desc"), "customer_id"],
        unique=False,
        postgresql_where=sa.text("status in ('active', 'dormant')"),
    )
    op.create_table(
        "customer_scores",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("pareto", sa.Text(), nullable=True),
        sa.Column("abc_revenue", sa.Text(), nullable=True),
        sa.Column("abc_rank", sa.Text(), nullable=True),
        sa.Column("abc_bands", sa.Text(), nullable=True),
        sa.Column("abc_margin", sa.Text(), nullable=True),
        sa.Column("rfm_r", sa.SmallInteger(), nullable=True),
        sa.Column("rfm_f", sa.SmallInteger(), nullable=True),
        sa.Column("rfm_m", sa.SmallInteger(), nullable=True),
        sa.Column("rfm_segment", sa.Text(), nullable=True),
        sa.Column("rfm_segment_intervals", sa.Text(), nullable=True),
        sa.Column("ntile_r", sa.SmallInteger(), nullable=True),
        sa.Column("ntile_f", sa.SmallInteger(), nullable=True),
        sa.Column("ntile_m", sa.SmallInteger(), nullable=True),
        sa.Column("ntile_segment", sa.Text(), nullable=True),
        sa.Column("ntile_segment_intervals", sa.Text(), nullable=True),
        sa.Column("high_potential", sa.Boolean(), nullable=True),
        sa.Column("high_potential_reasons", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=True),
        sa.Column("costly", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "customer_id", name=op.f("pk_customer_scores")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_table(
        "score_history",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("changed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "customer_id", "id", name=op.f("pk_score_history")),
    )
    op.create_table(
        "segment_membership_history",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("segment_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_segment_membership_history")),
    )
    op.create_index(
        "ix_segment_membership_history_customer",
        "segment_membership_history",
        ["workspace_id", "customer_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_segment_membership_history_segment",
        "segment_membership_history",
        ["workspace_id", "segment_id", "id"],
        unique=False,
    )
    op.create_table(
        "stale_customer",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "customer_id", name=op.f("pk_stale_customer")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
    )
    op.create_index("ix_stale_customer_marked_at", "stale_customer", ["marked_at"], unique=False)
    op.create_table(
        "ranking_state",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("dirty_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("population", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_ranking_state_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_ranking_state")),
    )
    op.create_table(
        "segment",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("definition_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_segment_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_segment")),
    )
    op.create_index(
        "uq_segment_key", "segment", ["workspace_id", "key"], unique=True, postgresql_where=sa.text("key is not null")
    )
    op.create_index(
        "uq_segment_name",
        "segment",
        ["workspace_id", "name"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "segment_membership",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("segment_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "customer_id"],
            ["customer.workspace_id", "customer.id"],
            name="fk_segment_membership_customer_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "segment_id"],
            ["segment.workspace_id", "segment.id"],
            name="fk_segment_membership_segment_id",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "segment_id", "customer_id", name=op.f("pk_segment_membership")),
    )
    op.create_index(
        "ix_segment_membership_customer", "segment_membership", ["workspace_id", "customer_id"], unique=False
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_table("segment_membership")
    op.drop_table("segment")
    op.drop_table("ranking_state")
    op.drop_table("stale_customer")
    op.drop_table("segment_membership_history")
    op.drop_table("score_history")
    op.drop_table("customer_scores")
    op.drop_table("customer_metrics")
