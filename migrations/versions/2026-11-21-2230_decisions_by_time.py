"""The ledger is read newest first, for a whole workspace too."""

from alembic import op

revision = "0030"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration never waits behind a long transaction: it gives up, and is run again.
    op.execute("set local lock_timeout = '4s'")
    op.create_index("ix_decision_decided_at", "decision", ["workspace_id", "decided_at", "id"])


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_index("ix_decision_decided_at", table_name="decision")
