"""The episodes of one rule and scope object, the latest first: asked for each time a figure changes."""

from alembic import op

revision = "0051"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration never waits behind a long transaction: it gives up, and is run again.
    op.execute("set local lock_timeout = '4s'")
    op.create_index("ix_alert_scope", "alert", ["workspace_id", "rule_id", "scope_key", "raised_at"])


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_index("ix_alert_scope", table_name="alert")
