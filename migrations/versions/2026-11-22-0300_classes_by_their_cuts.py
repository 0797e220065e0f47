"""Relative classes follow from cuts between customers, which are found in buckets: nobody ranks everybody again.

The new tables are derived. Their first rows come with the first run, which finds no basis.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CURRENT_WORKSPACE = "nullif(current_setting('app.workspace_id', true), '')::uuid"
TABLES = ("stale_ranking", "ranking_input", "ranking_bucket", "ranking_cut")
# The one place that says when classes are behind: whoever ranks, waits for it or reports it asks here.
PROGRESS = """
create view ranking_progress as
select r.workspace_id, n.basis, a.anew, r.unfinished, m.moved, a.anew or r.unfinished or m.moved as behind
  from ranking_state r
  join workspace w on w.id = r.workspace_id
 cross join lateral (
       select jsonb_build_object('day', r.as_of, 'currency', w.currency, 'settings', w.settings) as basis) n
 cross join lateral (select r.basis is distinct from n.basis as anew) a
 cross join lateral (select exists (select from stale_ranking s where s.workspace_id = r.workspace_id) as moved) m
"""
BEFORE = {"changes": sa.BigInteger(), "ranked_changes": sa.BigInteger()}


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.create_table(
        "stale_ranking",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "customer_id", "id", name=op.f("pk_stale_ranking")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
    )
    _create_inputs()
    op.create_table(
        "ranking_bucket",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("low", sa.Numeric(), nullable=False),
        sa.Column("customers", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "axis", "low", name=op.f("pk_ranking_bucket")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "ranking_cut",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("tie", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", "nth", name=op.f("pk_ranking_cut")),
        postgresql_with={"fillfactor": "50"},
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy of_workspace on {table} using (workspace_id = {CURRENT_WORKSPACE})")
        op.execute(f"grant select, insert, update, delete on {table} to portefeuille_api")
    op.add_column("ranking_state", sa.Column("basis", postgresql.JSONB(), nullable=True))
    unfinished: sa.Column[bool] = sa.Column("unfinished", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("ranking_state", unfinished)
    for column in (*BEFORE, "dirty_since"):
        op.drop_column("ranking_state", column)
    op.execute(PROGRESS)


def _create_inputs() -> None:
    op.create_table(
        "ranking_input",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=False),
        sa.Column("tie", sa.Text(collation="C"), nullable=False),
        sa.Column("revenue", sa.Numeric(), nullable=False),
        sa.Column("margin", sa.Numeric(), nullable=True),
        sa.Column("orders", sa.Numeric(), nullable=False),
        sa.Column("recent", sa.Numeric(), nullable=False),
        sa.Column("potential", sa.Numeric(), nullable=True),
        sa.Column("costly", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "customer_id", name=op.f("pk_ranking_input")),
        postgresql_with={"fillfactor": "70"},
    )
    for axis in ("revenue", "orders", "recent"):
        op.create_index(f"ix_ranking_input_{axis}", "ranking_input", ["workspace_id", axis, "tie"])
    op.create_index(
        "ix_ranking_input_margin",
        "ranking_input",
        ["workspace_id", "margin", "tie"],
        postgresql_where=sa.text("margin > 0"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("drop view ranking_progress")
    op.drop_column("ranking_state", "unfinished")
    op.drop_column("ranking_state", "basis")
    for column, kind in BEFORE.items():
        op.add_column("ranking_state", sa.Column(column, kind, server_default=sa.text("0"), nullable=False))
    op.add_column("ranking_state", sa.Column("dirty_since", sa.DateTime(timezone=True), nullable=True))
    # Everything is to be ranked again, by the release that knew no cuts.
    op.execute("update ranking_state set changes = 1, dirty_since = now()")
    for table in TABLES:
        op.drop_table(table)
